import type { Mutation, Task } from '@taskbell/sync-client';
import { expect, test } from 'vitest';
import { conflictsOf, resolution } from '../src/board/panel/conflicts/conflicts';
import type { Refusal } from '../src/board/store/BoardStore';
import { byId, task } from './task';

function refused(before: Task, input: object): Refusal {
  const mutation = {
    name: 'updateTask',
    input: { id: 'x', ...input },
    id: 'x',
    clientMutationId: 'm',
    at: '',
    sent: true,
  };
  return { mutation: mutation as Mutation, errors: [{ code: 'CONFLICT', message: '', field: null }], before };
}

const first = task('x', { version: 3, title: 'First' });
const theirs = task('x', { version: 4, title: 'Theirs' });

test('others who changed the field make a conflict, before the change was made or after', () => {
  const after = refused(first, { title: 'Mine', expectedVersion: 3 });
  const earlier = refused(theirs, { title: 'Mine', expectedVersion: 3 }); // seen in the browser, not in the field
  for (const refusal of [after, earlier]) {
    const [conflict] = conflictsOf([refusal], byId(theirs));
    expect(conflict).toMatchObject({
      isReal: true,
      fields: [{ field: 'title', mine: 'Mine', theirs: 'Theirs' }],
    });
    const mine = { id: 'x', expectedVersion: 4, title: 'Mine' };
    expect(resolution(conflict!, () => 'mine')).toEqual([{ name: 'updateTask', input: mine }]);
    expect(resolution(conflict!, () => 'theirs')).toEqual([]);
  }
});

test('others who changed another field make none', () => {
  const now = task('x', { version: 4, title: 'First', description: 'Theirs' });
  const [conflict] = conflictsOf([refused(first, { title: 'Mine', expectedVersion: 3 })], byId(now));
  expect(conflict?.isReal).toBe(false);
});
