// A reader of the tutorial with the list open in Chromium, while somebody else works on the tasks.
import { chromium } from 'playwright-core';
import { asked, tell } from './common.mjs';

const browser = await chromium.launch({ executablePath: asked.chromium });
const page = await browser.newPage();
page.on('console', (message) => console.error(message.text()));
page.on('pageerror', (error) => console.error(error.stack));

// The page's connections can be cut; while they are, new ones lead nowhere.
await page.addInitScript(() => {
  const Real = globalThis.WebSocket, open = [];
  let isCut = false;
  globalThis.WebSocket = class extends Real {
    constructor(url, ...more) {
      super(isCut ? 'ws://127.0.0.1:9/' : url, ...more);
      open.push(this);
    }
  };
  globalThis.cut = (is) => {
    isCut = is;
    if (is) open.forEach((socket) => socket.close());
  };
});

async function api(field, type, input) {
  const query = `mutation ($input: ${type}!) { ${field}(input: $input) { task { id } errors { message } } }`;
  const headers = { 'content-type': 'application/json', 'x-api-key': asked.apiKey };
  const body = JSON.stringify({ query, variables: { input } });
  const { data } = await (await fetch(asked.url, { method: 'POST', headers, body })).json();
  return data[field].task.id;
}
const create = (title) => api('createTask', 'CreateTaskInput', { title: `${title} ${asked.run}` });
const setStatus = (id, status) => api('setTaskStatus', 'SetTaskStatusInput', { id, status });
const entry = (title) => page.locator('li', { hasText: `${title} ${asked.run}` });
const shows = (title, status) => entry(title).getByText(`(${status})`).waitFor();

const before = await create('Before');
await page.goto(asked.page);
await shows('Before', 'PENDING');
await page.evaluate(() => { globalThis.loaded = 'once'; });

const id = await create('Pushed');
await shows('Pushed', 'PENDING');
await setStatus(id, 'IN_PROGRESS');
await shows('Pushed', 'IN_PROGRESS');
await entry('Pushed').getByRole('checkbox').click();
await shows('Pushed', 'COMPLETED');
const order = (await page.locator('li').allInnerTexts()).filter((text) => text.includes(asked.run));
await api('deleteTask', 'DeleteTaskInput', { id });
await entry('Pushed').waitFor({ state: 'detached' });

await page.evaluate(() => globalThis.cut(true));
await create('Missed');
await api('deleteTask', 'DeleteTaskInput', { id: before });
await page.evaluate(() => globalThis.cut(false));
await shows('Missed', 'PENDING');
await entry('Before').waitFor({ state: 'detached' });

const loaded = await page.evaluate(() => globalThis.loaded);
await browser.close();
tell({ order: order.map((text) => text.trim().replace(` ${asked.run}`, '')), loaded });
