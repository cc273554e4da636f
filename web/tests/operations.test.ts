import { beforeAll, expect, test, vi } from 'vitest';
import { loadLanguage } from '../src/languages/languages';
import { duration } from '../src/ops/format';
import { GROUPS, merged } from '../src/ops/pipeline/figures';
import { NARROW, WIDE, type Box } from '../src/ops/pipeline/layout';
import { parseTraced, traceHash } from '../src/ops/trace/route';

beforeAll(async () => {
  vi.stubGlobal('navigator', { languages: ['en-GB'] });
  vi.stubGlobal('localStorage', { getItem: () => null });
  vi.stubGlobal('document', { documentElement: {} });
  await loadLanguage();
});

const READ_AT = '2026-11-28T04:00:00.000Z';
const NOTHING_IN_IT = { visible: 0, inFlight: 0 };
const queues = (visible: number) => ({
  readAt: READ_AT,
  taskEvents: { visible: 1_234, inFlight: 0, delayed: 0 },
  taskEventsDeadLetters: { visible, inFlight: 1 },
  unforwardedChanges: NOTHING_IN_IT,
  unknown: [],
});
const counts = {
  ...queues(0),
  table: { status: 'ACTIVE', itemCount: 3 },
  executions: [{ status: 'SUCCEEDED' as const, count: 1_000, atLeast: true }],
};
const metrics = {
  ...counts,
  forwardChanges: { lagSeconds: 61, measuredAt: READ_AT },
  pushNotifications: { lagSeconds: null, measuredAt: null },
  taskEvents: { ...counts.taskEvents, oldestAgeSeconds: 300, measuredAt: READ_AT },
  pushes: { delivered: null, deliveredAt: null, subscriptions: 2, subscriptionsAt: READ_AT },
  unknown: [{ figure: 'pushNotifications.lagSeconds', reason: 'NOT_MEASURED' as const }],
};

test('before any answer there is nothing to look at', () => {
  const figures = merged({}, '');
  const shown = GROUPS.flatMap((group) => figures.groups[group]);
  expect(new Set(shown.map(({ text, level, reason }) => `${text} ${level} ${reason}`))).toEqual(
    new Set(['– plain null']),
  );
  expect(figures.deadLetters).toBeNull();
});

test('dead letters and what an alarm would be raised for stand out', () => {
  const { groups, deadLetters } = merged({ queues: queues(2), metrics }, '');
  const levels = GROUPS.flatMap((group) => groups[group].map(({ level }) => `${group} ${level}`));
  expect(levels.filter((level) => !level.endsWith('plain'))).toEqual([
    'forwardChanges warn',
    'taskEventsDeadLetters bad',
  ]);
  expect(deadLetters).toBe(3);
});

test('a figure that is not known says why, and is no zero', () => {
  const { groups } = merged({ queues: queues(0), metrics }, '');
  expect(groups.pushNotifications[0]).toMatchObject({ text: '–', reason: 'NOT_MEASURED' });
  expect(groups.taskEvents[0]).toMatchObject({ text: '1,234', reason: null });
});

test('executions that are more than were counted have a plus', () => {
  const [running, succeeded] = merged({ executions: counts }, '').groups.executions;
  expect([running?.text, succeeded?.text]).toEqual(['–', '1,000+']);
});

test.each([
  [0.25, '0.3 secs'],
  [59, '59 secs'],
  [90, '2 mins'],
  [7_200, '2 hrs'],
  [200_000, '2 days'],
])('%d seconds are written as %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test.each([
  ['wide', WIDE],
  ['narrow', NARROW],
])('the boxes of the %s picture are in it and apart', (_, { width, height, boxes }) => {
  const all = Object.values(boxes);
  for (const box of all) {
    expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height).toBe(true);
    expect(all.filter((other) => other !== box && overlap(box, other))).toEqual([]);
  }
});

const overlap = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

test.each([
  { id: 'Task:ada:1', ownerId: null },
  { id: 'a key & more', ownerId: 'ada/2' },
])('the address of a trace names its task: %o', (traced) => {
  expect(parseTraced(traceHash(traced))).toEqual(traced);
});

test.each(['', '#', '#/trace', '#/other?id=1'])('%o names no task', (hash) => {
  expect(parseTraced(hash)).toBeNull();
});
