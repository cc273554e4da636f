/** Tasks that the API refused, as lines of text that can be edited again. */
import type { Inputs, TaskList } from '@taskbell/sync-client';
import type { Refusal } from '../store/BoardStore';
import { dueOf } from '../tasks/dates';
import { recurrenceWords } from './recurrence';

type CreateInput = Inputs['createTask'];

export interface RefusedDraft {
  readonly refusal: Refusal;
  readonly input: CreateInput;
}

/** The refused new tasks; subtasks are edited where their parent is. */
export function refusedDrafts(refusals: readonly Refusal[]): RefusedDraft[] {
  return refusals.flatMap((refusal) => {
    const { mutation } = refusal;
    return mutation.name === 'createTask' && !mutation.input.parentId
      ? [{ refusal, input: mutation.input }]
      : [];
  });
}

/** Return the line for an input, and what of the input no words stand for. */
export function lineOf(
  input: CreateInput,
  lists: ReadonlyMap<string, TaskList>,
): readonly [string, Partial<CreateInput>] {
  const { title, dueAt, labels = [], priority, listId, recurrence, ...rest } = input;
  const due = dueOf({ dueAt: dueAt ?? null, dueOn: null });
  const repeats = recurrence ? recurrenceWords(recurrence.rrule) : null;
  const list = listId ? lists.get(listId) : undefined;
  const words = [
    title,
    due && [due.day, due.time].filter(Boolean).join(' '),
    repeats,
    ...labels.map((label) => `#${label}`),
    priority && `!${priority.toLowerCase()}`,
    list && `/${list.name}`,
  ];
  return [words.filter(Boolean).join(' '), recurrence && !repeats ? { ...rest, recurrence } : rest];
}
