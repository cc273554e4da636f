/** What the columns of the board hold. */
import type { Task } from '@taskbell/sync-client';
import type { Edit } from '../../store/BoardStore';
import { hasLabel, setStatus } from '../../tasks/changes';
import { placeEdits } from '../../tasks/ranks';
import { topLevel } from '../../tasks/selections';
import { STATUSES } from '../../tasks/statuses';

export type Status = Task['status'];
export type Columns = Readonly<Record<Status, readonly Task[]>>;

export interface Filter {
  readonly listId: string | null;
  readonly label: string | null;
}

/** Open tasks in the order that is dragged; completed ones with the newest first. */
export function columnsOf(tasks: ReadonlyMap<string, Task>, { listId, label }: Filter): Columns {
  const columns: Record<Status, Task[]> = { PENDING: [], IN_PROGRESS: [], COMPLETED: [] };
  for (const task of topLevel(tasks)) {
    if ((!listId || task.listId === listId) && (!label || hasLabel(task, label)))
      columns[task.status].push(task);
  }
  columns.COMPLETED.sort((one, other) => (completion(one) < completion(other) ? 1 : -1));
  return columns;
}

const completion = ({ completedAt, id }: Task): string => `${completedAt ?? ''} ${id}`;

/** The edits that bring a task to a place in a column: one, unless its neighbours there share a rank. */
export function moveEdits(task: Task, status: Status, column: readonly Task[], index: number): Edit[] {
  const others = column.filter(({ id }) => id !== task.id);
  if (status === 'COMPLETED') return task.status === status ? [] : [setStatus(task, status)];
  const place = Math.min(index, others.length);
  const edits = placeEdits(task.id, others, place);
  if (task.status === status) return column[place]?.id === task.id ? [] : edits;
  const [own, ...neighbours] = edits;
  const input = { id: task.id, status, rank: own!.input.rank! };
  return [{ name: 'setTaskStatus', input }, ...neighbours];
}

/** The neighbouring column, or none. */
export const columnBeside = (status: Status, step: 1 | -1): Status | undefined =>
  STATUSES[STATUSES.indexOf(status) + step];
