import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Following, type FollowingState } from '../../src/explorer/log/following';

/** What AppSync's real-time endpoint says, one message at a time. */
class Connection {
  static all: Connection[] = [];
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  readonly sent: string[] = [];

  constructor(readonly url: string) {
    Connection.all.push(this);
  }
  send = (message: string): void => void this.sent.push(message);
  close = (): void => undefined;
  says = (type: string, payload: unknown = {}): void => {
    this.onmessage?.({ data: JSON.stringify({ type, payload }) });
  };
  refuses = (errorType: string): void => {
    this.says('error', { errors: [{ errorType, message: 'No.' }] });
  };
  accepts = async (): Promise<void> => {
    this.onopen?.();
    this.says('connection_ack', { connectionTimeoutMs: 300_000 });
    this.says('start_ack');
    await vi.advanceTimersByTimeAsync(0);
  };
}

const latest = (): Connection => Connection.all.at(-1)!;
let states: [FollowingState, string][] = [];
let pushed: unknown[] = [];
let refusals: boolean[] = [];

function started(): { following: Following; outcome: Promise<unknown> } {
  const headers = (refused: boolean): Promise<Record<string, string>> => {
    refusals.push(refused);
    return Promise.resolve({ Authorization: 'token' });
  };
  const following = new Following(
    { url: 'http://127.0.0.1/graphql', headers },
    { query: 'subscription { a }', variables: {} },
    { onData: (data) => pushed.push(data), onState: (...state) => states.push(state) },
  );
  return { following, outcome: following.start().catch((error: unknown) => error) };
}

const isIn = (): FollowingState | undefined => states.at(-1)?.[0];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', Connection);
  [Connection.all, states, pushed, refusals] = [[], [], [], []];
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('what is pushed arrives until it is stopped', async () => {
  const { following } = started();
  await vi.advanceTimersByTimeAsync(0);
  await latest().accepts();
  latest().says('data', { data: { a: 1 } });
  following.stop();
  latest().says('data', { data: { a: 2 } });
  await vi.advanceTimersByTimeAsync(120_000);
  expect(pushed).toEqual([{ a: 1 }]);
  expect(states.map(([state]) => state)).toEqual(['starting', 'running', 'ended']);
  expect(Connection.all).toHaveLength(1);
});

test('a lost connection is followed by another, later and later', async () => {
  started();
  await vi.advanceTimersByTimeAsync(0);
  await latest().accepts();
  latest().onclose?.();
  expect(states.at(-1)).toEqual(['reconnecting', 'The connection is closed.']);
  for (const wait of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    const attempts = Connection.all.length;
    await vi.advanceTimersByTimeAsync(wait - 1);
    expect(Connection.all).toHaveLength(attempts);
    await vi.advanceTimersByTimeAsync(1);
    expect(Connection.all).toHaveLength(attempts + 1);
    latest().onclose?.();
    await vi.advanceTimersByTimeAsync(0);
  }
  await vi.advanceTimersByTimeAsync(30_000);
  await latest().accepts();
  latest().says('data', { data: 'again' });
  expect([isIn(), pushed]).toEqual(['running', ['again']]);
});

test('an expired token is renewed once', async () => {
  const { outcome } = started();
  await vi.advanceTimersByTimeAsync(0);
  latest().refuses('UnauthorizedException');
  await vi.advanceTimersByTimeAsync(0);
  expect(refusals).toEqual([false, true]);
  latest().refuses('UnauthorizedException');
  expect(await outcome).toMatchObject({ type: 'UnauthorizedException', message: 'No.' });
  expect(states.at(-1)).toEqual(['ended', 'UnauthorizedException: No.']);
  expect(Connection.all).toHaveLength(2);
});

test('a token that expires while it runs is renewed', async () => {
  started();
  await vi.advanceTimersByTimeAsync(0);
  await latest().accepts();
  latest().refuses('UnauthorizedException');
  await vi.advanceTimersByTimeAsync(1_000);
  latest().refuses('UnauthorizedException');
  await vi.advanceTimersByTimeAsync(0);
  await latest().accepts();
  expect([isIn(), refusals]).toEqual(['running', [false, false, true]]);
});

test.each(['FORBIDDEN', 'VALIDATION'])('%s at the start ends it', async (type) => {
  const { outcome } = started();
  await vi.advanceTimersByTimeAsync(0);
  latest().refuses(type);
  expect(await outcome).toMatchObject({ type });
  await vi.advanceTimersByTimeAsync(120_000);
  expect([isIn(), Connection.all.length]).toEqual(['ended', 1]);
});

test('what is refused after the connection was lost ends it, what can pass does not', async () => {
  started();
  await vi.advanceTimersByTimeAsync(0);
  await latest().accepts();
  latest().onclose?.();
  await vi.advanceTimersByTimeAsync(1_000);
  latest().refuses('UNAVAILABLE');
  await vi.advanceTimersByTimeAsync(0);
  expect(isIn()).toBe('reconnecting');
  await vi.advanceTimersByTimeAsync(2_000);
  latest().refuses('FORBIDDEN');
  await vi.advanceTimersByTimeAsync(120_000);
  expect([isIn(), Connection.all.length]).toEqual(['ended', 3]);
});

test('stopped while it starts or waits, it stays stopped', async () => {
  const { following } = started();
  await vi.advanceTimersByTimeAsync(0);
  following.stop();
  await latest().accepts();
  latest().onclose?.();
  await vi.advanceTimersByTimeAsync(120_000);
  expect([isIn(), Connection.all.length]).toEqual(['ended', 1]);
});
