/** Changes of a task in its panel: what they guard against, and what the API refused of them. */
import type { Inputs, Task } from '@taskbell/sync-client';
import { useBoard, useStore } from '../store/context';
import type { BoardState, Refusal } from '../store/BoardStore';

export type Change = Omit<Inputs['updateTask'], 'id' | 'expectedVersion'>;
export type FieldName = keyof Change;

export interface Refused {
  readonly refusal: Refusal;
  readonly input: Change;
  readonly message: string;
}

/** Send a change that was begun when the task was as `begun`. */
export type Send = (change: Change, begun: Task) => void;

export function useSend(task: Task): Send {
  const store = useStore();
  return (change, begun) => {
    const input = { ...change, id: task.id, ...guard(change, begun, task) };
    store.edit([{ name: 'updateTask', input }], 'done.updated', { title: change.title ?? task.title });
  };
}

/** The version that the person saw: the newest, unless these fields were changed since the edit began. */
export function guard(change: Change, begun: Task, now: Task): { expectedVersion?: number } {
  if (!now.version) return {};
  const fields = Object.keys(change) as FieldName[];
  const isSeen = fields.every((field) => isSame(valueOf(begun, field), valueOf(now, field)));
  return { expectedVersion: isSeen ? now.version : begun.version };
}

/** A field as `updateTask` takes it: a due day is its `dueAt`. */
export function valueOf(task: Task, field: FieldName): unknown {
  if (field === 'dueAt') return task.dueOn ?? task.dueAt;
  const { recurrence } = task;
  if (field !== 'recurrence') return task[field];
  return recurrence && { rrule: recurrence.rrule, afterCompletion: recurrence.afterCompletion ?? false };
}

export const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** What the API refused last of these fields. */
export function useRefused(taskId: string, fields: readonly FieldName[]): Refused | null {
  const { refusals } = useBoard();
  return refusals.flatMap((refusal) => refusedOf(refusal, taskId, fields)).at(-1) ?? null;
}

function refusedOf(refusal: Refusal, taskId: string, fields: readonly string[]): Refused[] {
  const { mutation, errors } = refusal;
  if (mutation.name !== 'updateTask' || mutation.id !== taskId) return [];
  const { id: _, expectedVersion: __, ...input } = mutation.input;
  const error = errors.find(({ field }) => fields.includes(field?.[1] ?? ''));
  return error ? [{ refusal, input, message: error.message }] : [];
}

const FIELDS: readonly string[] = [
  'title',
  'description',
  'priority',
  'dueAt',
  'timeZone',
  'remindBefore',
  'remindAt',
  'labels',
  'recurrence',
  'listId',
  'sectionId',
  'parentId',
];

/** Refused changes of a task that are of no field in particular, and no conflicts. */
export const otherRefusals = ({ refusals }: BoardState, taskId: string): Refusal[] =>
  refusals.filter(
    ({ mutation, errors }) =>
      mutation.id === taskId &&
      !errors.some(({ code, field }) => code === 'CONFLICT' || FIELDS.includes(field?.[1] ?? '')),
  );
