// What is tested of each cache.
import { change } from '../docs/tasks.mjs';
import { ask, pause, sequences } from './sequences.mjs';

// Two owners' tasks with the same key, side by side in the cache of somebody who may read both.
async function twoOwners(open, asked) {
  const screen = await open({ ...asked, fetch, ownerId: null, list: { variables: {}, belongs: () => false } });
  const lists = asked.owners.map((ownerId) => ({ ownerId, filter: { labels: [asked.label] } }));
  for (const variables of lists) await screen.query(variables);
  const titles = lists.map((variables) => screen.shown(variables).map(({ title }) => title));
  await screen.close();
  return { titles };
}

// A push of a task that a list shows: everything is still there, without a request.
async function push(open, asked) {
  let requests = 0;
  const counting = (...request) => { requests += 1; return fetch(...request); };
  const list = { variables: { filter: { labels: [asked.label] } }, belongs: () => false };
  const screen = await open({ ...asked, fetch: counting, list });
  await screen.query();
  const [before] = screen.shown(), asking = requests;
  await pause(1_000); // the subscription starts meanwhile; these clients do not tell when
  await ask(asked, change('updateTask'), { input: { id: before.id, title: 'Pushed' } });
  for (let tries = 0; tries < 100 && screen.shown()[0]?.title === before.title; tries += 1) await pause(100);
  const [after] = screen.shown();
  await screen.close();
  return { before, after, requests: requests - asking };
}

export async function tests(open, asked) {
  return { twoOwners, push, sequences }[asked.test](open, asked);
}
