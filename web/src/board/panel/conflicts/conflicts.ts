/** Changes that met somebody else's: both versions of what differs, and what a choice between them sends. */
import type { Inputs, Task } from '@taskbell/sync-client';
import type { Refusal } from '../../store/BoardStore';
import { isSame, valueOf, type FieldName } from '../edits';

export interface ConflictField {
  readonly field: FieldName | 'status';
  readonly mine: unknown;
  readonly theirs: unknown;
}

export interface Conflict {
  readonly task: Task;
  readonly refusals: readonly Refusal[];
  /** What one wanted, and what differs from it now. */
  readonly fields: readonly ConflictField[];
  /** Whether others have changed these fields; otherwise one's own changes only came late. */
  readonly isReal: boolean;
}

export type Choice = 'mine' | 'theirs';
type Edit =
  | { readonly name: 'updateTask'; readonly input: Inputs['updateTask'] }
  | { readonly name: 'setTaskStatus'; readonly input: Inputs['setTaskStatus'] };

const GUARDED = ['updateTask', 'setTaskStatus'];

export const isConflict = ({ mutation, errors }: Refusal): boolean =>
  GUARDED.includes(mutation.name) && errors.some(({ code }) => code === 'CONFLICT');

/** The conflicts of tasks that there are, one for each task. */
export function conflictsOf(refusals: readonly Refusal[], tasks: ReadonlyMap<string, Task>): Conflict[] {
  const conflicts = refusals.filter(isConflict);
  return [...new Set(conflicts.map(({ mutation }) => mutation.id))].flatMap((id) => {
    const task = tasks.get(id);
    return task
      ? [
          conflictOf(
            task,
            conflicts.filter(({ mutation }) => mutation.id === id),
          ),
        ]
      : [];
  });
}

function conflictOf(task: Task, refusals: readonly Refusal[]): Conflict {
  const {
    id: _,
    expectedVersion: __,
    ...mine
  } = Object.assign({}, ...refusals.map(({ mutation }) => mutation.input)) as Record<string, unknown>;
  const fields = (Object.keys(mine) as ConflictField['field'][])
    .filter((field) => !(field === 'timeZone' && 'dueAt' in mine))
    .map((field) => ({ field, mine: mine[field], theirs: fieldOf(task, field) }))
    .filter(({ field, mine: own, theirs }) => !isSameValue(field, own, theirs));
  const before = seenBefore(refusals[0]);
  const isReal = fields.some(({ field, theirs }) => !before || !isSame(fieldOf(before, field), theirs));
  return { task, refusals, fields, isReal };
}

/** The task as the person saw it; null if it was an older one than this browser had when the change was made. */
function seenBefore(refusal: Refusal | undefined): Task | null {
  if (!refusal?.before) return null;
  const { mutation, before } = refusal;
  const guardedBy = 'expectedVersion' in mutation.input ? mutation.input.expectedVersion : undefined;
  return guardedBy === before.version ? before : null;
}

const fieldOf = (task: Task, field: ConflictField['field']): unknown =>
  field === 'status' ? task.status : valueOf(task, field);

/** Due dates are texts of several forms for one instant. */
function isSameValue(field: ConflictField['field'], one: unknown, other: unknown): boolean {
  if (isSame(one, other)) return true;
  if (field !== 'dueAt' || typeof one !== 'string' || typeof other !== 'string') return false;
  return one.length > 10 && other.length > 10 && Date.parse(one) === Date.parse(other);
}

/** What is sent when one's own values of some fields are chosen: with the version that was shown. */
export function resolution({ task, refusals, fields }: Conflict, chosen: (field: string) => Choice): Edit[] {
  const all = Object.assign({}, ...refusals.map(({ mutation }) => mutation.input)) as Record<string, unknown>;
  const own = fields.filter(({ field }) => chosen(field) === 'mine');
  const values = Object.fromEntries(own.map(({ field, mine }) => [field, mine]));
  if ('dueAt' in values && 'timeZone' in all) values.timeZone = all.timeZone;
  const { status, ...details } = values as Partial<Task>;
  const target = { id: task.id, expectedVersion: task.version };
  return [
    ...(status ? [{ name: 'setTaskStatus', input: { ...target, status } } as const] : []),
    ...(Object.keys(details).length
      ? [{ name: 'updateTask', input: { ...target, ...details } } as Edit]
      : []),
  ];
}
