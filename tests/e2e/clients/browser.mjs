// Runs another of these programs in Chromium: bundled and not changed, on a page whose origin is nobody else's.
import { createServer } from 'node:http';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { asked, tell } from './common.mjs';

const bundle = { entryPoints: [asked.script], bundle: true, format: 'esm', platform: 'browser', write: false };
const { outputFiles: [program] } = await build(bundle);
const answers = {
  '/': ['text/html', '<!doctype html><script type="module" src="/program.js"></script>'],
  '/program.js': ['text/javascript', program.text],
};
const server = createServer(({ url }, response) => {
  const [type, body] = answers[url] ?? ['text/plain', ''];
  response.writeHead(200, { 'content-type': type }).end(body);
});
await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
const browser = await chromium.launch({ executablePath: asked.chromium });
const page = await browser.newPage();
page.on('console', (message) => console.error(message.text()));
const failed = new Promise((_, reject) => { page.on('pageerror', reject); });
await page.addInitScript((task) => { globalThis.asked = task; }, asked);
await page.goto(`http://127.0.0.1:${server.address().port}/`);
const outcome = await Promise.race([page.waitForFunction(() => globalThis.told), failed]);
const told = await outcome.jsonValue();
await browser.close();
tell(told);
