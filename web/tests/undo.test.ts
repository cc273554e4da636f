import type { Mutation } from '@taskbell/sync-client';
import { expect, test } from 'vitest';
import { inverseOf } from '../src/board/store/undo';
import { task } from './task';

const mutation = (name: Mutation['name'], input: object, id = 'x'): Mutation =>
  ({ name, input: { id, ...input }, id, clientMutationId: 'm', at: '', sent: false }) as Mutation;

test('each change has an inverse that leads back to what was', () => {
  const before = task('x', { title: 'Essay', dueAt: '2027-01-15T17:00:00.000Z', status: 'IN_PROGRESS' });
  expect(inverseOf(mutation('createTask', {}), undefined)).toEqual([
    { name: 'deleteTask', input: { id: 'x' } },
  ]);
  expect(inverseOf(mutation('deleteTask', {}), before)).toEqual([
    { name: 'restoreTask', input: { id: 'x' } },
  ]);
  expect(inverseOf(mutation('setTaskStatus', { status: 'COMPLETED' }), before)).toEqual([
    { name: 'setTaskStatus', input: { id: 'x', status: 'IN_PROGRESS' } },
  ]);
  const changed = mutation('updateTask', { title: 'Other', dueAt: null, expectedVersion: 1 });
  expect(inverseOf(changed, before)).toEqual([
    { name: 'updateTask', input: { id: 'x', title: 'Essay', dueAt: '2027-01-15T17:00:00.000Z' } },
  ]);
});

test('a day comes back as a day', () => {
  const before = task('x', { dueOn: '2027-01-15', dueAt: '2027-01-15T22:59:59.999Z' });
  const [inverse] = inverseOf(mutation('updateTask', { dueAt: null }), before);
  expect(inverse?.input).toEqual({ id: 'x', dueAt: '2027-01-15' });
});
