// Sequences of queries, history panels, mutations and pushes, by seeds; in the end each cache has to equal the server.
import { isDeepStrictEqual } from 'node:util';
import { change, TASKS } from '../docs/tasks.mjs';

const STEPS = 7, AT_ONCE = 6;
const SETTLED = new Set(['SUCCEEDED', 'WAITING', 'FAILED']);
const KINDS = ['create', 'rename', 'rename', 'status', 'status', 'history', 'list', 'delete', 'restore'];
const STATUSES = ['PENDING', 'IN_PROGRESS', 'COMPLETED'];
export const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

export function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

// A fetch that repeats what was cut off; mutations have ids.
async function persistently(...request) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await fetch(...request);
    } catch (error) {
      if (tries === 5) throw error;
      await pause(100);
    }
  }
}

// A fetch whose answers take their time, so that pushes and other answers overtake them.
export const slowly = (random) => async (...request) => {
  const response = await persistently(...request);
  await pause(random() * 400);
  return response;
};

export async function ask({ url, headers, fetch = persistently }, query, variables) {
  const body = JSON.stringify({ query, variables });
  const response = await fetch(url, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

// Lets somebody else change a task until a push of it is shown: these clients do not tell when their subscription runs.
export async function pushed(screen, asked, id) {
  for (let attempt = 1; attempt <= 60; attempt += 1) {
    await ask(asked, change('updateTask'), { input: { id, title: `Pushed ${attempt}` } });
    for (let tries = 0; tries < 5; tries += 1) {
      const task = screen.shown().find((one) => one.id === id);
      if (task?.title.startsWith('Pushed')) return task;
      await pause(100);
    }
  }
  throw new Error('Nothing was pushed.');
}

// As plain data without type names, which some clients ask for everywhere.
const plain = (value) => JSON.parse(JSON.stringify(value, (name, field) => (name.startsWith('__') ? undefined : field)));
const byId = (tasks) => plain(tasks).sort((one, other) => (one.id < other.id ? -1 : 1));

async function run(open, asked, seed) {
  const random = chance(seed), pick = (options) => options[Math.floor(random() * options.length)];
  const label = `${asked.run} ${seed}`;
  const list = { filter: { labelsAll: [label] } };
  const screen = await open({ ...asked, fetch: slowly(chance(-seed)), list });
  const input = { key: crypto.randomUUID(), title: label, labels: [label] };
  const { task } = (await ask(asked, change('createTask'), { input })).createTask;
  await screen.query();
  await pushed(screen, asked, task.id);
  const ids = [], running = [];
  for (let step = 0; step < STEPS; step += 1) {
    const kind = ids.length ? pick(KINDS) : 'create', id = pick(ids), title = `${label} ${step}`;
    const started = {
      create: async () => { ids.push((await screen.mutate('createTask', { title, labels: [label] })).task.id); },
      rename: () => screen.mutate('updateTask', { id, title }),
      status: () => screen.mutate('setTaskStatus', { id, status: pick(STATUSES) }),
      delete: () => screen.mutate('deleteTask', { id }),
      restore: () => screen.mutate('restoreTask', { id }),
      history: () => screen.history(id),
      list: () => screen.query(),
    }[kind]();
    running.push(started);
    if (!ids.length || random() < 0.4) await started;
    else await pause(random() * 100);
  }
  await Promise.all(running);
  const difference = await settled(screen, asked, list);
  await screen.close();
  return difference && { seed, ...difference };
}

// By id, what the screen shows and what the server has: only the fields that differ.
function differing(shown, server) {
  const found = {};
  for (const id of new Set([...shown, ...server].map((task) => task.id))) {
    const [here, there] = [shown, server].map((tasks) => tasks.find((task) => task.id === id) ?? {});
    for (const name of Object.keys({ ...here, ...there })) {
      if (!isDeepStrictEqual(here[name], there[name])) (found[id] ??= {})[name] = [here[name] ?? null, there[name] ?? null];
    }
  }
  return found;
}

// Waits until the pipeline is done and its pushes have arrived; what differs then.
async function settled(screen, asked, variables) {
  for (let tries = 0; ; tries += 1) {
    const server = byId((await ask(asked, TASKS, variables)).tasks.nodes), shown = byId(screen.shown());
    const done = server.every(({ processing }) => SETTLED.has(processing.state));
    if (done && isDeepStrictEqual(shown, server)) return null;
    if (tries === 300) return { isDone: done, fields: differing(shown, server) };
    await pause(200);
  }
}

export async function sequences(open, asked) {
  const seeds = Array.from({ length: asked.sequences }, (_, number) => number + 1), differences = [];
  const worker = async () => {
    for (let seed; (seed = seeds.shift()); ) differences.push(await run(open, asked, seed));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { different: differences.filter(Boolean) };
}
