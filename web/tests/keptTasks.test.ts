import type { Task } from '@taskbell/sync-client';
import { expect, test } from 'vitest';
import { keptTasks } from '../src/board/store/keptTasks';

const task = (id: string, title = id): Task => ({ id, title, labels: NONE }) as unknown as Task;
const NONE: readonly string[] = [];
const mapOf = (...tasks: Task[]): Map<string, Task> => new Map(tasks.map((each) => [each.id, each]));

test('tasks of the same values stay the same map', () => {
  const before = mapOf(task('a'), task('b'));
  expect(keptTasks(before, mapOf(task('a'), task('b')))).toBe(before);
});

test('a changed task is another one, and the others stay', () => {
  const before = mapOf(task('a'), task('b'));
  const now = keptTasks(before, mapOf(task('a'), task('b', 'changed')));
  expect(now).not.toBe(before);
  expect(now.get('a')).toBe(before.get('a'));
  expect(now.get('b')?.title).toBe('changed');
});

test('new and deleted tasks, and new fields, are seen', () => {
  const before = mapOf(task('a'), task('b'));
  expect([...keptTasks(before, mapOf(task('a'))).keys()]).toEqual(['a']);
  expect([...keptTasks(before, mapOf(task('a'), task('c'))).keys()]).toEqual(['a', 'c']);
  const more = { ...task('b'), listId: 'l' } as Task;
  expect(keptTasks(before, mapOf(task('a'), more)).get('b')).toBe(more);
});
