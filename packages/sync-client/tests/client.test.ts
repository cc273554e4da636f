import assert from 'node:assert/strict';
import { test } from 'node:test';
import { realtimeUrl } from '../src/realtime.js';
import type { State } from '../src/store.js';
import { gone, list, live, OWNER, page, Rig, task } from './rig.js';

const X = `Task:${OWNER}:x`;

test('it subscribes before it asks, so that nothing is missed in between', async () => {
  const rig = new Rig();
  await rig.do('start');
  assert.ok(!rig.has('fetch'));
  await rig.subscribed();
  assert.equal((await rig.answers(page([live(task('x', 1))], 'c1'))).since, null);
  assert.deepEqual(rig.titles, ['x']);
  assert.equal(rig.screen.online, true);
});

test('it asks for page after page', async () => {
  const rig = new Rig();
  await rig.do('start');
  await rig.subscribed();
  await rig.answers(page([live(task('x', 1))], 'c1', { hasMore: true }));
  assert.equal((await rig.answers(page([live(task('y', 1))], 'c2'))).since, 'c1');
  assert.deepEqual(rig.titles, ['x', 'y']);
});

test('no cursor is stored before what came with it', async () => {
  const rig = await Rig.following([live(task('x', 1))]);
  await rig.timer();
  await rig.answers(page([live(task('y', 1))], 'c2'));
  const stored = rig.log.filter((effect) => effect.do === 'store').map((effect) => JSON.parse(String(effect['document'])) as State);
  const known = stored.map(({ cursor, entries }) => `${cursor}: ${Object.keys(entries).length}`);
  assert.deepEqual(new Set(known.filter((text) => text.startsWith('c'))), new Set(['c1: 1', 'c2: 2']));
});

test('a push that is not newer changes nothing', async () => {
  const rig = await Rig.following([live(task('x', 6, { title: 'new' }))]);
  await rig.push('UPDATED', task('x', 5, { title: 'old' }));
  assert.deepEqual(rig.titles, ['new']);
});

test('what is deleted is not brought back by what was pushed before', async () => {
  const rig = await Rig.following([live(task('x', 5)), live(task('y', 2)), gone('z', 9)]);
  await rig.push('DELETED', task('x', 6, { deletedAt: '2026-11-23T09:00:00.000Z' }));
  await rig.push('UPDATED', task('x', 5));
  await rig.push('UPDATED', task('z', 9));
  assert.deepEqual(rig.titles, ['y']);
  await rig.push('RESTORED', task('x', 7));
  assert.deepEqual(rig.titles, ['x', 'y']);
});

test('what was removed without a new version is gone', async () => {
  const rig = await Rig.following([live(task('x', 5)), live(task('y', 2))]);
  await rig.timer();
  await rig.answers(page([gone('x', 5), gone('y', 1)], 'c2'));
  await rig.push('UPDATED', task('x', 5));
  assert.deepEqual(rig.titles, ['y']);
});

test('a reminder is asked for when its push arrives', async () => {
  const rig = await Rig.following([live(task('x', 1))]);
  await rig.push('REMINDED', task('x', 2));
  const note = { __typename: 'Notification', id: 'N', taskId: X, at: 'at', sentAt: 'sent', title: 'x' };
  await rig.answers(page([{ nodeId: 'N', version: 1, deleted: false, node: note }], 'c2'));
  assert.deepEqual([...rig.screen.notifications.keys()], ['N']);
  await rig.push('DELETED', { ...task('x', 3), deletedAt: 'at' });
  assert.deepEqual([...rig.screen.notifications.keys()], []);
});

test('lists come with the changes, and are asked for when the app says so', async () => {
  const rig = await Rig.following([live(task('essay', 1)), list('History', 1)]);
  assert.deepEqual([...rig.screen.lists.values()].map(({ name }) => name), ['History']);
  await rig.do('refresh');
  await rig.answers(page([list('World history', 2)], 'c2'));
  assert.deepEqual([...rig.screen.lists.values()].map(({ name }) => name), ['World history']);
  assert.deepEqual(rig.titles, ['essay']);
});

test('it asks again after some minutes, whatever was pushed', async () => {
  const rig = await Rig.following();
  assert.equal(await rig.timer(), 300_000);
  assert.equal((await rig.answers(page([], 'c2'))).since, 'c1');
});

test('a full sync removes what the server no longer has', async () => {
  const rig = await Rig.following([live(task('x', 1)), live(task('y', 1))]);
  await rig.timer();
  await rig.answers(page([], 'any', { fullSyncRequired: true }));
  assert.equal((await rig.answers(page([live(task('x', 1))], 'c2', { hasMore: true }))).since, null);
  await rig.push('CREATED', task('z', 1));
  assert.deepEqual(rig.titles, ['x', 'y', 'z']);
  await rig.answers(page([], 'c3'));
  assert.deepEqual(rig.titles, ['x', 'z']);
});

test('a cursor that the server does not know any more leads to a full sync', async () => {
  const rig = await Rig.following([live(task('x', 1))]);
  await rig.timer();
  await rig.answers({ changes: null }, [{ errorType: 'VALIDATION', message: 'since' }]);
  assert.equal((await rig.answers(page([], 'c2'))).since, null);
  assert.deepEqual(rig.titles, []);
});

test('a change shows at once over what the server says, until it is confirmed', async () => {
  const rig = await Rig.following([live(task('x', 3))]);
  await rig.do('mutate', { name: 'updateTask', input: { id: X, title: 'mine' } });
  assert.deepEqual(rig.titles, ['mine']);
  await rig.push('PROCESSING_CHANGED', task('x', 4, { title: 'x' }));
  assert.deepEqual(rig.titles, ['mine']);
  assert.equal(rig.screen.pending.length, 1);
  await rig.payload('updateTask', task('x', 5, { title: 'mine' }));
  assert.deepEqual([rig.titles, rig.screen.pending.length], [['mine'], 0]);
});

test('each change shows as the server will make it', async () => {
  const rig = await Rig.following([live(task('x', 3)), live(task('y', 1))]);
  await rig.do('mutate', { name: 'setTaskStatus', input: { id: X, status: 'COMPLETED' } });
  await rig.do('mutate', { name: 'deleteTask', input: { id: `Task:${OWNER}:y` } });
  await rig.do('mutate', { name: 'createTask', input: { title: 'new' } });
  assert.deepEqual(rig.titles, ['new', 'x']);
  assert.deepEqual([rig.screen.tasks.get(X)?.status, rig.screen.tasks.get(X)?.completedAt?.slice(0, 4)], ['COMPLETED', '1970']);
  await rig.do('mutate', { name: 'restoreTask', input: { id: `Task:${OWNER}:y` } });
  assert.deepEqual(rig.titles, ['new', 'x', 'y']);
});

test('a refused change is taken back and reported, and those behind it go on', async () => {
  const rig = await Rig.following([live(task('x', 3))]);
  await rig.do('mutate', { name: 'updateTask', input: { id: X, title: 'mine', expectedVersion: 3 } });
  await rig.do('mutate', { name: 'createTask', input: { title: 'second' } });
  await rig.payload('updateTask', task('x', 4, { title: 'theirs' }), 'CONFLICT');
  assert.deepEqual([rig.titles, rig.refused], [['second', 'theirs'], [['CONFLICT']]]);
  assert.equal(rig.request().variables.input!['title'], 'second');
});

test('a request that the API refuses altogether is a refusal too', async () => {
  const rig = await Rig.following([live(task('x', 3))]);
  await rig.do('mutate', { name: 'updateTask', input: { id: X, title: '' } });
  await rig.answers({ updateTask: null }, [{ errorType: 'VALIDATION', message: 'input.title' }]);
  assert.deepEqual([rig.titles, rig.refused], [['x'], [['VALIDATION']]]);
});

test('a change whose answer was lost is sent again with the same id, in its order', async () => {
  const rig = await Rig.following([live(task('x', 3))]);
  await rig.do('mutate', { name: 'updateTask', input: { id: X, title: 'first' } });
  await rig.do('mutate', { name: 'updateTask', input: { id: X, title: 'second' } });
  const lost = rig.request();
  await rig.do('fail', { id: lost.id });
  await rig.timer();
  await rig.subscribed();
  await rig.answers(page([], 'c2'));
  assert.deepEqual(await rig.payload('updateTask', task('x', 4, { title: 'first' })), lost.variables.input);
  assert.equal((await rig.payload('updateTask', task('x', 5, { title: 'second' })))['title'], 'second');
  assert.deepEqual([rig.titles, rig.screen.pending.length], [['second'], 0]);
});

test('what cannot be answered now is sent again later, with longer and longer pauses up to a minute', async () => {
  const rig = await Rig.following([live(task('x', 3))]);
  await rig.do('mutate', { name: 'updateTask', input: { id: X, title: 'mine' } });
  await rig.payload('updateTask', null, 'UNAVAILABLE');
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 10; attempt += 1) {
    pauses.push(await rig.timer());
    await rig.do('closed', { id: Number(rig.next('connect')['id']) });
    await rig.do('fail', { id: rig.request().id });
  }
  assert.ok(pauses.every((pause, attempt) => pause < Math.min(60_000, 1_000 * 2 ** (attempt + 1))), String(pauses));
  assert.ok(Math.max(...pauses) > 10_000 && new Set(pauses).size === pauses.length, String(pauses));
});

test('it asks and sends where there is no WebSocket', async () => {
  const rig = new Rig();
  await rig.do('start');
  await rig.do('mutate', { name: 'createTask', input: { title: 'new' } });
  await rig.do('closed', { id: Number(rig.next('connect')['id']) });
  await rig.answers(page([live(task('x', 1))], 'c1'));
  await rig.payload('createTask', task('n', 1, { title: 'new' }));
  assert.deepEqual([rig.titles, rig.screen.pending.length], [['new', 'x'], 0]);
});

test('nothing is sent while storage does not answer', async () => {
  const rig = await Rig.following([live(task('x', 3))]);
  rig.stores = false;
  await rig.do('mutate', { name: 'updateTask', input: { id: X, title: 'mine' } });
  await rig.do('wake');
  assert.deepEqual([rig.has('fetch'), rig.titles], [false, ['mine']]);
  await rig.storage();
  assert.equal(rig.request().variables.input!['title'], 'mine');
});

test('nothing is sent that a restart would not know, and a restart goes on with the queue', async () => {
  const rig = await Rig.following([live(task('x', 3))]);
  await rig.do('mutate', { name: 'updateTask', input: { id: X, title: 'mine' } });
  const sent = rig.request();
  const before = rig.log.slice(0, rig.log.findIndex((effect) => effect.do === 'fetch' && effect['id'] === sent.id));
  assert.ok(String(before.findLast((effect) => effect.do === 'store')?.['document']).includes(String(sent.variables.input!['clientMutationId'])));
  const again = new Rig(rig.document);
  await again.do('start');
  assert.deepEqual([again.titles, again.screen.online], [['mine'], false]);
  await again.subscribed();
  assert.equal((await again.answers(page([], 'c2'))).since, 'c1');
  assert.deepEqual(again.request().variables.input, sent.variables.input);
});

test('a new task has the id that the server takes over', async () => {
  const rig = await Rig.following();
  await rig.do('mutate', { name: 'createTask', input: { title: 'new' } });
  const { input } = rig.request().variables;
  assert.match(String(input!['key']), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual([...rig.screen.tasks.keys()], [`Task:${OWNER}:${String(input!['key'])}`]);
  assert.equal(input!['key'], input!['clientMutationId']);
});

test('what is queued behind a new task follows the id that the server gave it', async () => {
  const rig = await Rig.following();
  await rig.do('mutate', { name: 'createTask', input: { title: 'parent' } });
  const local = [...rig.screen.tasks.keys()][0]!;
  await rig.do('mutate', { name: 'createTask', input: { title: 'child', parentId: local } });
  await rig.do('mutate', { name: 'setTaskStatus', input: { id: local, status: 'COMPLETED' } });
  await rig.payload('createTask', task('other', 1, { title: 'parent' }));
  assert.deepEqual(rig.titles, ['child', 'parent']);
  assert.equal((await rig.payload('createTask', task('c', 1, { title: 'child' })))['parentId'], `Task:${OWNER}:other`);
  assert.equal(rig.request().variables.input!['id'], `Task:${OWNER}:other`);
});

test('the second of two guarded changes is no conflict with the first', async () => {
  const rig = await Rig.following([live(task('x', 3))]);
  await rig.do('mutate', { name: 'updateTask', input: { id: X, title: 'first', expectedVersion: 3 } });
  await rig.do('mutate', { name: 'updateTask', input: { id: X, title: 'second', expectedVersion: 3 } });
  await rig.payload('updateTask', task('x', 4, { title: 'first' }));
  assert.equal(rig.request().variables.input!['expectedVersion'], 4);
});

test('after a lost answer it stays guarded by what the user saw, for others may have come between', async () => {
  const rig = await Rig.following([live(task('x', 3))]);
  await rig.do('mutate', { name: 'updateTask', input: { id: X, title: 'first', expectedVersion: 3 } });
  await rig.do('mutate', { name: 'updateTask', input: { id: X, title: 'second', expectedVersion: 3 } });
  await rig.do('fail', { id: rig.request().id });
  await rig.timer();
  await rig.subscribed();
  await rig.answers(page([], 'c2'));
  await rig.payload('updateTask', task('x', 6, { title: 'theirs' }));
  assert.equal(rig.request().variables.input!['expectedVersion'], 3);
});

test('a token that the API no longer takes is refreshed once', async () => {
  const rig = await Rig.following();
  await rig.do('mutate', { name: 'createTask', input: { title: 'new' } });
  await rig.answers(null, [{ errorType: 'UnauthorizedException', message: 'Token has expired.' }], 401);
  await rig.timer();
  const header = String((rig.next('connect')['protocols'] as string[])[1]).slice('header-'.length);
  assert.equal((JSON.parse(Buffer.from(header, 'base64url').toString()) as { authorization: string }).authorization, 'refreshed');
});

test('a connection that is silent is given up', async () => {
  const rig = await Rig.following([live(task('x', 1))]);
  const watchdogs = rig.log.filter((effect) => effect.do === 'timer' && effect['milliseconds'] === 300_000);
  await rig.do('timer', { id: Number(watchdogs.at(-2)!['id']) });
  assert.equal(rig.screen.online, false);
  assert.deepEqual(rig.titles, ['x']);
});

test('a snapshot stays the same until something changes, and listeners are told', async () => {
  const rig = await Rig.following([live(task('x', 1))]);
  const before = rig.screen;
  assert.equal(rig.screen, before);
  await rig.push('UPDATED', task('x', 2, { title: 'changed' }));
  assert.notEqual(rig.screen, before);
  assert.equal(before.tasks.get(X)?.title, 'x');
});

test('the real-time endpoint is where AppSync has it', () => {
  assert.equal(
    realtimeUrl('https://abc.appsync-api.eu-central-1.amazonaws.com/graphql'),
    'wss://abc.appsync-realtime-api.eu-central-1.amazonaws.com/graphql',
  );
  assert.equal(realtimeUrl('http://127.0.0.1:4000/graphql'), 'ws://127.0.0.1:4000/graphql/realtime');
});
