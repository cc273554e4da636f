// A request for a list that urql cuts off: after a push, reading the list from the cache answers the request too.
import { pipe, subscribe as listen } from 'wonka';
import { FOLLOW, shown, TASKS } from '../docs/tasks.mjs';
import { urqlClient } from '../docs/urql.mjs';
import { tell } from '../common.mjs';

const fields = TASKS.slice(TASKS.indexOf('fragment')).match(/\w+/g);
const task = (key, version) => ({
  ...Object.fromEntries(fields.map((name) => [name, null])), __typename: 'Task', id: `Task:guest:${key}`, ownerId: 'guest',
  version, labels: [], remindBefore: [], remindAt: [], title: `${key} ${version}`,
});
const held = [];
let pushes, stored = [task('one', 1)];
const answer = () => new Response(JSON.stringify({ data: { tasks: { __typename: 'TaskConnection', nodes: stored } } }),
  { headers: { 'content-type': 'application/json' } });
const fetch = () => new Promise((resolve) => { held.push(() => { resolve(answer()); }); });
const forwardSubscription = () => ({ subscribe: (sink) => { pushes = sink; return { unsubscribe: () => undefined }; } });
const push = (node) => {
  stored = [node, ...stored.filter(({ id }) => id !== node.id)];
  pushes.next({ data: { onTaskEvent: { __typename: 'TaskEventPayload', type: 'UPDATED', taskId: node.id, task: node } } });
};
const turns = async (count = 20) => { for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate); };

const list = {}, online = { requestPolicy: 'network-only' };
const client = urqlClient({ url: 'http://localhost/', fetch, forwardSubscription, lists: [list] });
pipe(client.subscription(FOLLOW, { ownerId: 'guest' }), listen(() => undefined));
const first = client.query(TASKS, list, online).toPromise();
await turns();
held.shift()();
await first;
const second = client.query(TASKS, list, online).toPromise();
await turns();
push(task('two', 1));
await turns();
const read = () => client.readQuery(TASKS, list, { requestPolicy: 'cache-only' })?.data.tasks.nodes ?? [];
read();
const cut = await Promise.race([second.then(() => true), turns().then(() => false)]);
const asked = held.length;
for (const reply of held) reply();
stored = [task('two', 2), task('one', 1)]; // its push is lost below an older answer
await new Promise((resolve) => { setTimeout(resolve); });
await turns();
for (const reply of held.slice(asked)) reply();
await turns();
tell({ cut, askedAgain: held.length - asked, titles: shown(read(), list).map(({ title }) => title) });
