import { beforeEach, expect, test, vi } from 'vitest';
import type { Listener } from '../../src/explorer/log/following';
import { SubscriptionLog } from '../../src/explorer/log/subscriptionLog';

interface Fake {
  readonly operation: { readonly query: string };
  readonly listener: Listener;
}
const followings: Fake[] = [];
let refusal: Error | null = null;

vi.mock('../../src/explorer/log/following', () => ({
  Following: class {
    constructor(
      _caller: unknown,
      readonly operation: { query: string },
      readonly listener: Listener,
    ) {
      followings.push(this);
    }
    start = (): Promise<void> => {
      this.listener.onState(refusal ? 'ended' : 'running', refusal?.message ?? '');
      return refusal ? Promise.reject(refusal) : Promise.resolve();
    };
    stop = (): void => {
      this.listener.onState('ended', '');
    };
  },
}));

const caller = { url: 'http://127.0.0.1/graphql', headers: () => Promise.resolve({}) };
let log: SubscriptionLog;

beforeEach(() => {
  followings.length = 0;
  refusal = null;
  log = new SubscriptionLog(caller);
});

const lines = (): string[] =>
  log.state().entries.map(({ name, type, newState }) => `${name} ${newState ?? type}`);

test('many run at once, the newest push first', async () => {
  await log.follow('Follow', 'a', {});
  await log.follow('Bell', 'b', {});
  followings[0]!.listener.onData({ onTaskEvent: { type: 'CREATED' } });
  followings[1]!.listener.onData({ onNotification: { version: 1 } });
  expect(lines()).toEqual(['Bell onNotification', 'Follow CREATED', 'Bell running', 'Follow running']);
  expect(log.state().followed.map(({ name, state }) => [name, state])).toEqual([
    ['Follow', 'running'],
    ['Bell', 'running'],
  ]);
});

test('the same subscription runs once, with other variables twice', async () => {
  await log.follow('Follow', 'a', { ownerId: '1' });
  await log.follow('Follow', 'a', { ownerId: '1' });
  await log.follow('Follow', 'a', { ownerId: '2' });
  expect(followings).toHaveLength(2);
});

test('one that is stopped leaves the others, and can be started again', async () => {
  await log.follow('Follow', 'a', {});
  await log.follow('Bell', 'b', {});
  log.stop(log.state().followed[0]!.id);
  expect(log.state().followed.map(({ name }) => name)).toEqual(['Bell']);
  expect(lines()[0]).toBe('Follow ended');
  await log.follow('Follow', 'a', {});
  expect(log.state().followed.map(({ name }) => name)).toEqual(['Bell', 'Follow']);
});

test('one that is refused is not in the list, and can be tried again', async () => {
  refusal = new Error('FORBIDDEN');
  await expect(log.follow('Follow', 'a', {})).rejects.toThrow('FORBIDDEN');
  expect(log.state().followed).toEqual([]);
  expect(log.state().entries[0]).toMatchObject({ newState: 'ended', payload: 'FORBIDDEN' });
  refusal = null;
  await log.follow('Follow', 'a', {});
  expect(log.state().followed).toHaveLength(1);
});

test('the newest 500 lines are kept, until they are cleared; each change is told', async () => {
  await log.follow('Follow', 'a', {});
  let told = 0;
  const leave = log.listen(() => (told += 1));
  for (let number = 0; number < 501; number += 1) followings[0]!.listener.onData({ a: { number } });
  expect([log.state().entries.length, told]).toEqual([500, 501]);
  expect(log.state().entries[499]!.payload).toEqual({ a: { number: 1 } });
  log.clear();
  leave();
  followings[0]!.listener.onData({ a: null });
  expect([lines(), told]).toEqual([['Follow a'], 502]);
});
