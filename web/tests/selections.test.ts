import { expect, test } from 'vitest';
import { addDays, dueOf } from '../src/board/tasks/dates';
import { byRank } from '../src/board/tasks/order';
import { dueToday, matching, ofList, upcoming } from '../src/board/tasks/selections';
import { byId, task } from './task';

const TODAY = '2027-01-15';
const NOON = new Date(`${TODAY}T12:00`).getTime();
const titles = (
  groups: readonly { key: string; tasks: readonly { title: string }[] }[],
): [string, string[]][] => groups.map(({ key, tasks }) => [key, tasks.map(({ title }) => title)]);

test('today has what is overdue, then what is due by its time, then what is done', () => {
  const tasks = byId(
    task('evening', { dueAt: `${TODAY}T18:00` }),
    task('all day', { dueOn: TODAY, dueAt: '2027-01-15T22:59:59.999Z' }),
    task('morning, done', { dueAt: `${TODAY}T08:00`, status: 'COMPLETED' }),
    task('this morning', { dueAt: `${TODAY}T09:00` }),
    task('last week', { dueAt: '2027-01-08' }),
    task('last week, done', { dueAt: '2027-01-08', status: 'COMPLETED' }),
    task('tomorrow', { dueAt: '2027-01-16' }),
    task('whenever'),
  );
  expect(titles(dueToday(tasks, TODAY, NOON))).toEqual([
    ['overdue', ['last week']],
    [TODAY, ['this morning', 'evening', 'all day', 'morning, done']],
  ]);
  expect(titles(upcoming(tasks, TODAY))).toEqual([['2027-01-16', ['tomorrow']]]);
});

test('a day is a day whatever the zone, and its end is when it is due', () => {
  const due = dueOf({ dueOn: '2027-03-28', dueAt: '2027-03-28T21:59:59.999Z' });
  expect([due?.day, due?.time]).toEqual(['2027-03-28', null]);
  expect(new Date(due!.at).getHours()).toBe(23);
  expect(addDays('2027-03-28', 1)).toBe('2027-03-29');
  expect(addDays('2027-03-01', -1)).toBe('2027-02-28');
});

test('words are found without regard to case, accents and where they stand', () => {
  const tasks = byId(
    task('Écriture sur Rome'),
    task('Exercises', { description: 'of chapter 4' }),
    task('Other', { labels: ['roma'] }),
  );
  expect(matching(tasks, 'ecr ROME').map(({ title }) => title)).toEqual(['Écriture sur Rome']);
  expect(matching(tasks, 'chapter').map(({ title }) => title)).toEqual(['Exercises']);
  expect(matching(tasks, 'roma').map(({ title }) => title)).toEqual(['Other']);
  expect(matching(tasks, ' ')).toHaveLength(3);
});

test('ranks sort as texts and equal ones by id, without the rules of any language', () => {
  const tasks = [
    task('b', { rank: 'a0' }),
    task('a', { rank: 'a0' }),
    task('c', { rank: 'Zz' }),
    task('d', { rank: 'a0V' }),
  ];
  expect(tasks.sort(byRank).map(({ id }) => id)).toEqual(['c', 'a', 'b', 'd']);
  expect(
    ofList(byId(task('x', { listId: 'l' }), task('y', { listId: 'l', parentId: 'x' })), 'l'),
  ).toHaveLength(1);
});

test('what is selected from the same tasks is selected once', () => {
  const tasks = byId(task('due', { dueOn: TODAY }));
  const first = dueToday(tasks, TODAY, NOON);
  expect(dueToday(tasks, TODAY, NOON)).toBe(first);
  expect(titles(dueToday(tasks, '2027-01-16', NOON + 86_400_000))).toEqual([['overdue', ['due']]]);
  expect(titles(dueToday(byId(task('other', { dueOn: TODAY })), TODAY, NOON))).toEqual([[TODAY, ['other']]]);
});
