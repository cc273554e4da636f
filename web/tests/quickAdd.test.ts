import type { TaskList } from '@taskbell/sync-client';
import { ENGLISH, GERMAN, NO_DATES } from './quickAddExamples';
import { describe, expect, test } from 'vitest';
import { english } from '../src/board/quickAdd/dates/english';
import { german } from '../src/board/quickAdd/dates/german';
import type { DateWords } from '../src/board/quickAdd/dates/words';
import { inputOf, type Draft } from '../src/board/quickAdd/draft';
import { parse } from '../src/board/quickAdd/parse';

const NOW = new Date('2026-11-28T12:00'); // a Saturday
const list = (id: string, name: string): TaskList => ({
  ...{ id, name, version: 1, color: null, rank: 'a', archivedAt: null, sections: [] },
});
const LISTS = [list('history', 'History'), list('world', 'World history'), list('maths', 'Mathe')];

const read = (
  text: string,
  dates: DateWords | null = english(false),
  ignored: readonly string[] = [],
): Draft => parse(text, { now: NOW, lists: LISTS, dates, ignored: new Set(ignored) });

/** The title and the due date, `2026-11-29 18:00`. */
function titleAndDue(text: string, dates: DateWords): readonly [string, string] {
  const { title, marks } = read(text, dates);
  const due = marks.find((mark) => mark.kind === 'due');
  return [title, due ? [due.day, due.time].filter(Boolean).join(' ') : ''];
}

describe('due dates', () => {
  test.each(ENGLISH)('%s', (text, title, due) => {
    expect(titleAndDue(text, english(false))).toEqual([title, due]);
  });
  test.each(GERMAN)('%s', (text, title, due) => {
    expect(titleAndDue(text, german)).toEqual([title, due]);
  });
  test.each(NO_DATES.english)('no date: %s', (text) => {
    expect(titleAndDue(text, english(false))).toEqual([text, '']);
  });
  test.each(NO_DATES.german)('kein Datum: %s', (text) => {
    expect(titleAndDue(text, german)).toEqual([text, '']);
  });
  test('day and month in the order of the region', () => {
    expect(titleAndDue('hand in 1/2/2027', english(true))).toEqual(['hand in', '2027-01-02']);
  });
});

test('a line is read as a whole', () => {
  const draft = read('essay on Rome tomorrow 18:00 #history !high /World history');
  expect(draft.title).toBe('essay on Rome');
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  expect(inputOf(draft)).toEqual({
    ...{ title: 'essay on Rome', dueAt: '2026-11-29T18:00', timeZone: zone },
    ...{ priority: 'HIGH', labels: ['history'], listId: 'world' },
  });
});

test.each([
  ['read @History', 'read', 'history'],
  ['read /worldhistory', 'read', 'world'],
  ['read /world HISTORY, then rest', 'read, then rest', 'world'],
])('a list by its name: %s', (text, title, listId) => {
  expect(inputOf(read(text))).toEqual({ title, listId });
});

test.each([
  ...['this and/or that', 'mail @anna', 'km/h', 'a / b', '/Histories', 'exercise #4', 'C# basics', 'issue#a'],
  ...['wow!high', 'really!', '!', '#', '!important note', 'email me@History.com', '/', '@'],
])('stays title: %s', (text) => {
  expect(read(text)).toEqual({ title: text, marks: [] });
});

test.each([
  ['water plants every day', 'FREQ=DAILY', '2026-11-28'],
  ['water plants every 2 weeks', 'FREQ=WEEKLY;INTERVAL=2', '2026-11-28'],
  ['water plants every other day', 'FREQ=DAILY;INTERVAL=2', '2026-11-28'],
  ['water plants every monday and thu', 'FREQ=WEEKLY;BYDAY=MO,TH', '2026-11-30'],
  ['water plants every weekday', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', '2026-11-30'],
  ['water plants every saturday 10:00', 'FREQ=WEEKLY;BYDAY=SA', '2026-12-05T10:00'],
  ['water plants every saturday 18:00', 'FREQ=WEEKLY;BYDAY=SA', '2026-11-28T18:00'],
  ['water plants every month 15 Jan', 'FREQ=MONTHLY', '2027-01-15'],
  ['water plants jeden Tag', 'FREQ=DAILY', '2026-11-28'],
  ['water plants jede zweite Woche', 'FREQ=WEEKLY;INTERVAL=2', '2026-11-28'],
  ['water plants alle drei Monate', 'FREQ=MONTHLY;INTERVAL=3', '2026-11-28'],
  ['water plants jeden Mittwoch und Sonnabend', 'FREQ=WEEKLY;BYDAY=WE,SA', '2026-11-28'],
  ['water plants jährlich', 'FREQ=YEARLY', '2026-11-28'],
])('%s', (text, rrule, dueAt) => {
  expect(inputOf(read(text))).toMatchObject({ title: 'water plants', recurrence: { rrule }, dueAt });
});

test('words whose mark was removed stay in the title', () => {
  const text = 'prepare the party friday #history !high';
  const keys = read(text).marks.map(({ key }) => key);
  const kept = read(text, english(false), keys);
  expect(kept).toEqual({ title: text, marks: [] });
  expect(read('swim every day', null, ['recurrence every day'])).toEqual({
    title: 'swim every day',
    marks: [],
  });
});

test('without words for dates everything else is read', () => {
  expect(inputOf(read('essay tomorrow #a', null))).toEqual({ title: 'essay tomorrow', labels: ['a'] });
});

test('no gaps are left in the title', () => {
  const text = '#a, read #history !high 18:00 on Rome #b #c, with notes tomorrow #d';
  expect(read(text).title).toBe('read on Rome, with notes');
});

test('a long line is read at once', () => {
  const text = `${'#label '.repeat(300)}${'x '.repeat(300)}${'1 '.repeat(300)}${' '.repeat(500)}!high y`;
  const start = performance.now();
  read(text);
  expect(performance.now() - start).toBeLessThan(1_000);
});

test('words alone are a title', () => {
  expect(read('tomorrow')).toEqual({ title: 'tomorrow', marks: [] });
  expect(read('  ')).toEqual({ title: '', marks: [] });
});

test('a label counts once whatever its case', () => {
  expect(inputOf(read('read #Rome and #rome'))).toEqual({ title: 'read and', labels: ['Rome'] });
});
