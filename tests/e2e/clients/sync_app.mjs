// An app around the sync client as the documentation sets it up: its storage is a file, its user is whoever writes to stdin.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { asked } from './common.mjs'; // Node 20 has no WebSocket of its own
import { begin } from './docs/use-sync.mjs';

const stored = existsSync(asked.file) ? JSON.parse(readFileSync(asked.file, 'utf8')) : {};
const storage = {
  getItem: (name) => stored[name] ?? null,
  setItem(name, text) {
    stored[name] = text;
    writeFileSync(`${asked.file}.new`, JSON.stringify(stored));
    renameSync(`${asked.file}.new`, asked.file); // a kill leaves the old or the new
  },
};
const refused = [];
let snapshot;
const options = {
  url: asked.url,
  ownerId: asked.ownerId,
  headers: () => asked.headers,
  storage,
  onRefused: ({ name }, [{ code }]) => { refused.push([name, code]); },
};
const client = await begin(options, (shown) => { snapshot = shown; });

const commands = {
  show() {
    const { tasks, pending, online } = snapshot;
    return { tasks: Object.fromEntries(tasks), pending, online, refused };
  },
  mutate: ({ name, input }) => client.mutate(name, input),
  wake: () => { client.wake(); },
  stop: () => client.stop(),
};
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  process.stdout.write(`${JSON.stringify((await commands[command.do](command)) ?? null)}\n`);
}
process.exit(0);
