import type { Task } from '@taskbell/sync-client';
import { expect, test } from 'vitest';
import { columnsOf, moveEdits } from '../src/board/views/kanban/columns';
import { byId, task } from './task';

const one = task('one', { rank: 'a1', labels: ['Exam'], listId: 'list' });
const two = task('two', { rank: 'a2' });
const begun = task('begun', { rank: 'a1V', status: 'IN_PROGRESS' });
const early = task('early', { status: 'COMPLETED', completedAt: '2027-01-01T10:00:00Z' });
const late = task('late', { status: 'COMPLETED', completedAt: '2027-01-02T10:00:00Z' });
const tasks = byId(two, one, begun, early, late, task('below', { parentId: 'one' }));
const ids = (column: readonly Task[]): string[] => column.map(({ id }) => id);

test('columns have the tasks of their status in order, completed ones the newest first, and no subtasks', () => {
  const columns = columnsOf(tasks, { listId: null, label: null });
  expect(ids(columns.PENDING)).toEqual(['one', 'two']);
  expect(ids(columns.IN_PROGRESS)).toEqual(['begun']);
  expect(ids(columns.COMPLETED)).toEqual(['late', 'early']);
});

test('a list and a label, whatever its case, narrow them', () => {
  expect(ids(columnsOf(tasks, { listId: 'list', label: null }).PENDING)).toEqual(['one']);
  expect(ids(columnsOf(tasks, { listId: null, label: 'exam' }).PENDING)).toEqual(['one']);
});

test('a move to another column is one write, of status and rank', () => {
  const [edit, ...others] = moveEdits(begun, 'PENDING', [one, two], 1);
  expect(others).toEqual([]);
  expect(edit).toMatchObject({ name: 'setTaskStatus', input: { id: 'begun', status: 'PENDING' } });
  const { rank } = edit!.input as { rank: string };
  expect(rank > one.rank && rank < two.rank).toBe(true);
});

test('a move within a column writes its rank, and one to the same place nothing', () => {
  expect(moveEdits(one, 'PENDING', [one, two], 1)).toMatchObject([
    { name: 'updateTask', input: { id: 'one' } },
  ]);
  expect(moveEdits(one, 'PENDING', [one, two], 0)).toEqual([]);
});

test('what is completed has no rank to keep', () => {
  expect(moveEdits(one, 'COMPLETED', [late], 0)).toEqual([
    { name: 'setTaskStatus', input: { id: 'one', status: 'COMPLETED' } },
  ]);
  expect(moveEdits(late, 'COMPLETED', [late, early], 1)).toEqual([]);
});
