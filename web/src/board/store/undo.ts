/** What takes a change back. */
import type { Inputs, Mutation, Task } from '@taskbell/sync-client';

type Edit = { [N in keyof Inputs]: { readonly name: N; readonly input: Inputs[N] } }[keyof Inputs];

/** Return the edits that lead from a mutation's result to the task as it was before it. */
export function inverseOf({ name, id, input }: Mutation, before: Task | undefined): Edit[] {
  if (name === 'createTask') return [{ name: 'deleteTask', input: { id } }];
  if (name === 'deleteTask') return [{ name: 'restoreTask', input: { id } }];
  if (name === 'restoreTask') return [{ name: 'deleteTask', input: { id } }];
  if (!before) return [];
  if (name === 'setTaskStatus') {
    const rank = input.rank === undefined ? {} : { rank: before.rank };
    return [{ name: 'setTaskStatus', input: { id, status: before.status, ...rank } }];
  }
  const old = { ...before, dueAt: before.dueOn ?? before.dueAt, recurrence: recurrenceInput(before) };
  const fields = Object.keys(input).filter(
    (field) => field in old && !['id', 'version', 'expectedVersion'].includes(field),
  );
  const former = Object.fromEntries(fields.map((field) => [field, old[field as keyof Task]]));
  return [{ name: 'updateTask', input: { ...former, id } }];
}

function recurrenceInput({ recurrence }: Task): Task['recurrence'] {
  return recurrence && { rrule: recurrence.rrule, afterCompletion: recurrence.afterCompletion ?? false };
}
