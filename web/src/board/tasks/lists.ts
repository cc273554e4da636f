/** Lists in the order that their owner drags. */
import type { Task, TaskList } from '@taskbell/sync-client';

type Lists = ReadonlyMap<string, TaskList>;

const byRank = (one: TaskList, other: TaskList): number => {
  if (one.rank !== other.rank) return one.rank < other.rank ? -1 : 1;
  return one.id.localeCompare(other.id, 'en', { numeric: true });
};

export const activeLists = (lists: Lists): TaskList[] =>
  [...lists.values()].filter(({ archivedAt }) => !archivedAt).sort(byRank);

export const archivedLists = (lists: Lists): TaskList[] =>
  [...lists.values()].filter(({ archivedAt }) => archivedAt).sort(byRank);

/** The number of open tasks of each list, by its id. */
export function openCounts(tasks: ReadonlyMap<string, Task>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { listId, status } of tasks.values())
    if (listId && status !== 'COMPLETED') counts.set(listId, (counts.get(listId) ?? 0) + 1);
  return counts;
}

/** A task's section; null where it has none, or one that its list has no longer. */
export const sectionOf = ({ sectionId }: Task, { sections }: TaskList): string | null =>
  sections.some(({ id }) => id === sectionId) ? sectionId : null;
