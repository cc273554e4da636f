// What is tested of each cache.
import { catchUp } from '../docs/catch-up.mjs';
import { outbox } from '../docs/outbox.mjs';
import { change } from '../docs/tasks.mjs';
import { ask, pause, pushed, sequences } from './sequences.mjs';

export const identified = (input) => ({ ...input, clientMutationId: crypto.randomUUID() });

// Two owners' tasks with the same key, side by side in the cache of somebody who may read both.
async function twoOwners(open, asked) {
  const screen = await open({ ...asked, fetch, ownerId: null, list: {} });
  const lists = asked.owners.map((ownerId) => ({ ownerId, filter: { labelsAll: [asked.label] } }));
  for (const variables of lists) await screen.query(variables);
  const titles = lists.map((variables) => screen.shown(variables).map(({ title }) => title));
  await screen.close();
  return { titles };
}

// A push of a task that a list shows: everything is still there, without a request.
async function push(open, asked) {
  let requests = 0;
  const counting = (...request) => { requests += 1; return fetch(...request); };
  const list = { filter: { labelsAll: [asked.label] } };
  const screen = await open({ ...asked, fetch: counting, list });
  await screen.query();
  const [before] = screen.shown(), asking = requests;
  const after = await pushed(screen, asked, before.id);
  await screen.close();
  return { before, after, requests: requests - asking };
}

// Nothing is pushed while the network is away; afterwards the outbox and `changes` make it good.
async function offline(open, asked) {
  const stored = new Map();
  const storage = { getItem: (name) => stored.get(name) ?? null, setItem: (name, value) => { stored.set(name, value); } };
  const list = { filter: { labelsAll: [asked.label] } };
  const screen = await open({ ...asked, ownerId: null, fetch, list });
  const catching = { query: screen.ask, storage, ownerId: asked.ownerId, reset: async () => undefined };
  await screen.query();
  await catchUp(catching);
  let idle = true; // until the pipeline is done with the task
  for (let tries = 0; idle && tries < 400; tries += 1) {
    await pause(100);
    idle = await catchUp(catching);
  }

  let answers = 0;
  const refused = [];
  const lossy = async (name, input) => { // the first answer is lost
    const payload = (await ask(asked, change(name), { input }))[name];
    answers += 1;
    if (answers === 1) throw new Error('There was no answer.');
    return payload;
  };
  const box = outbox({ storage, send: lossy, onRefused: (name, _input, errors) => { refused.push([name, errors[0].code]); } });
  const [{ id }] = screen.shown();
  const edit = box.add('updateTask', { id, title: 'Edited offline' }).catch((error) => error.message);
  const created = box.add('createTask', { title: 'Created offline', labels: [asked.label] }).catch((error) => error.message);
  const invalid = box.add('updateTask', { id, title: ' ' }).catch((error) => error.message);
  const lost = await Promise.all([edit, created, invalid]);
  await outbox({ storage, send: lossy, onRefused: (name, _input, errors) => { refused.push([name, errors[0].code]); } }).flush();

  const changed = await catchUp(catching);
  const edited = screen.shown().map(({ title }) => title);
  if (changed) await screen.query();
  const titles = screen.shown().map(({ title }) => title).sort();
  await screen.close();
  return { idle, lost, refused, changed, edited, titles };
}

// What a client warns of fails the test: most are of ids and fields that its cache cannot make sense of.
export async function tests(open, asked) {
  const warnings = [];
  for (const level of ['warn', 'error']) console[level] = (...words) => { warnings.push(words.map(String).join(' ')); };
  const outcome = await { twoOwners, push, offline, sequences }[asked.test](open, asked);
  return warnings.length ? { warnings } : outcome;
}
