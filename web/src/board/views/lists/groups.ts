/** A list's tasks by its sections. */
import type { Task, TaskList } from '@taskbell/sync-client';
import { sectionOf } from '../../tasks/lists';
import type { Group } from '../../tasks/selections';

export const NO_SECTION = 'none';
export const COMPLETED = 'completed';

/** Open tasks in each section, those in none at first; completed ones at the end, with the newest first. */
export function groupsOf(list: TaskList, tasks: readonly Task[], withCompleted: boolean): Group[] {
  const inSection = (id: string | null): Task[] =>
    tasks.filter((task) => task.status !== 'COMPLETED' && sectionOf(task, list) === id);
  const completed = tasks.filter(({ status }) => status === 'COMPLETED');
  const newestFirst = completed.sort((one, other) =>
    (one.completedAt ?? '') < (other.completedAt ?? '') ? 1 : -1,
  );
  return [
    { key: NO_SECTION, tasks: inSection(null) },
    ...list.sections.map(({ id }) => ({ key: id, tasks: inSection(id) })),
    ...(completed.length ? [{ key: COMPLETED, tasks: withCompleted ? newestFirst : [] }] : []),
  ];
}

export const sectionIdOf = (key: string): string | null => (key === NO_SECTION ? null : key);

export interface Place {
  readonly key: string;
  /** Among the other tasks of the group. */
  readonly index: number;
}

/** Where a task goes one step up or down: at the edge of a section, into the next one. */
export function placeBeside(groups: readonly Group[], id: string, step: 1 | -1): Place | null {
  const open = groups.filter(({ key }) => key !== COMPLETED);
  const at = open.findIndex(({ tasks }) => tasks.some((task) => task.id === id));
  const group = open[at];
  if (!group) return null;
  const index = group.tasks.findIndex((task) => task.id === id) + step;
  if (index >= 0 && index < group.tasks.length) return { key: group.key, index };
  const next = open[at + step];
  return next ? { key: next.key, index: step > 0 ? 0 : next.tasks.length } : null;
}
