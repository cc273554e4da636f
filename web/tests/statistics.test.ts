import type { Task, TaskList } from '@taskbell/sync-client';
import { describe, expect, test } from 'vitest';
import {
  completedPerWeek,
  countsOf,
  lateShare,
  mondayOf,
  sharesOfLists,
  streakDays,
} from '../src/board/views/statistics/statistics';

const TODAY = '2026-11-28'; // a Saturday
const NOW = new Date(`${TODAY}T12:00`).getTime();
let last = 0;

function task(fields: Partial<Task>): Task {
  last += 1;
  return {
    ...{ id: `task-${last}`, ownerId: 'ada', parentId: null, version: 1, title: 'Read', description: null },
    ...{ status: 'PENDING', priority: 'NORMAL', labels: [], dueAt: null, dueOn: null, timeZone: 'UTC' },
    ...{ remindBefore: [], remindAt: [], recurrence: null, rank: 'a', listId: null, sectionId: null },
    ...{
      overdue: false,
      completedLate: false,
      createdAt: '',
      updatedAt: '',
      completedAt: null,
      deletedAt: null,
    },
    ...{ processing: { state: 'SUCCEEDED', error: null }, progress: { total: 0, completed: 0 } },
    ...fields,
  };
}
const completedOn = (day: string, time = '09:00', fields: Partial<Task> = {}): Task =>
  task({ status: 'COMPLETED', completedAt: new Date(`${day}T${time}`).toISOString(), ...fields });

test.each([
  ['2026-11-23', '2026-11-23'],
  ['2026-11-29', '2026-11-23'],
  ['2027-01-01', '2026-12-28'],
])('the week of %s began on %s', (day, monday) => {
  expect(mondayOf(day)).toBe(monday);
});

describe('weeks', () => {
  test('are eight, from Monday to Sunday, the oldest first', () => {
    const days = ['2026-11-28', '2026-11-23', '2026-11-22', '2026-10-05', '2026-10-04'];
    const weeks = completedPerWeek([...days.map((day) => completedOn(day, '23:59')), task({})], TODAY);
    expect(weeks.map(({ completed }) => completed)).toEqual([1, 0, 0, 0, 0, 0, 1, 2]);
    expect(weeks[0]?.monday).toBe('2026-10-05');
    expect(weeks.at(-1)?.monday).toBe('2026-11-23');
  });
});

describe('streak', () => {
  test('counts successive days, today or yesterday the last', () => {
    const before = ['2026-11-27', '2026-11-26', '2026-11-24'].map((day) => completedOn(day));
    expect(streakDays(before, TODAY)).toBe(2);
    expect(streakDays([...before, completedOn(TODAY), completedOn(TODAY)], TODAY)).toBe(3);
  });
  test('is over when a day had nothing', () => {
    expect(streakDays([completedOn('2026-11-26')], TODAY)).toBe(0);
    expect(streakDays([], TODAY)).toBe(0);
  });
});

test('counts are those of the API', () => {
  const tasks = [
    task({}),
    task({ status: 'IN_PROGRESS', dueAt: '2026-11-27' }),
    task({ dueAt: TODAY }),
    completedOn('2026-11-27'),
  ];
  expect(countsOf(tasks, TODAY, NOW)).toEqual({
    ...{ pending: 2, inProgress: 1, completed: 1, overdue: 1, completedThisWeek: 1, streakDays: 1 },
  });
});

test('only tasks with a due date can be late', () => {
  const late = completedOn(TODAY, '09:00', { dueAt: '2026-11-27', completedLate: true });
  const inTime = completedOn(TODAY, '09:00', { dueAt: '2026-11-29' });
  expect(lateShare([late, inTime, completedOn(TODAY), task({ dueAt: TODAY })])).toEqual({
    late: 1,
    total: 2,
  });
  expect(lateShare([completedOn(TODAY)])).toBeNull();
});

test('a subtask counts in the list of its parent', () => {
  const history: TaskList = {
    ...{ id: 'history', name: 'History', version: 1, color: null, rank: 'a', archivedAt: null, sections: [] },
  };
  const parent = task({ listId: 'history' });
  const tasks = [parent, task({ parentId: parent.id }), completedOn(TODAY), task({ listId: 'gone' })];
  expect(sharesOfLists(new Map(tasks.map((one) => [one.id, one])), new Map([['history', history]]))).toEqual([
    { list: history, open: 2, completed: 0 },
    { list: null, open: 1, completed: 1 },
  ]);
});
