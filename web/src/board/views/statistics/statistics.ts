/** What the tasks at hand say about the last weeks, in the browser's days. */
import type { Task, TaskList } from '@taskbell/sync-client';
import { addDays, dateOf, dayOf, isOverdue } from '../../tasks/dates';

export interface Week {
  /** Its Monday. */
  readonly monday: string;
  readonly completed: number;
}

export interface ListShare {
  /** Null for the tasks of no list. */
  readonly list: TaskList | null;
  readonly open: number;
  readonly completed: number;
}

export interface Counts {
  readonly pending: number;
  readonly inProgress: number;
  readonly completed: number;
  readonly overdue: number;
  readonly completedThisWeek: number;
  readonly streakDays: number;
}

const WEEKS = 8;

const completedDays = (tasks: readonly Task[]): string[] =>
  tasks.flatMap(({ completedAt }) => (completedAt ? [dayOf(new Date(completedAt))] : []));

export function mondayOf(day: string): string {
  const daysSinceMonday = (dateOf(day).getDay() + 6) % 7;
  return addDays(day, -daysSinceMonday);
}

/** The last eight weeks up to this one, the oldest first. */
export function completedPerWeek(tasks: readonly Task[], today: string): Week[] {
  const mondays = completedDays(tasks).map(mondayOf);
  return Array.from({ length: WEEKS }, (_, number) => {
    const monday = addDays(mondayOf(today), 7 * (number + 1 - WEEKS));
    return { monday, completed: mondays.filter((other) => other === monday).length };
  });
}

/** On how many successive days tasks were completed; today counts, but does not have to be one of them. */
export function streakDays(tasks: readonly Task[], today: string): number {
  const days = new Set(completedDays(tasks));
  let day = days.has(today) ? today : addDays(today, -1);
  let streak = 0;
  for (; days.has(day); day = addDays(day, -1)) streak += 1;
  return streak;
}

/** The same numbers as the API's `taskStats`. */
export function countsOf(tasks: readonly Task[], today: string, now: number): Counts {
  const number = (status: Task['status']): number => tasks.filter((task) => task.status === status).length;
  return {
    pending: number('PENDING'),
    inProgress: number('IN_PROGRESS'),
    completed: number('COMPLETED'),
    overdue: tasks.filter((task) => isOverdue(task, now)).length,
    completedThisWeek: completedPerWeek(tasks, today).at(-1)?.completed ?? 0,
    streakDays: streakDays(tasks, today),
  };
}

/** Of the completed tasks that had a due date, how many were late; null if there are none. */
export function lateShare(tasks: readonly Task[]): { readonly late: number; readonly total: number } | null {
  const due = tasks.filter(({ status, dueAt }) => status === 'COMPLETED' && dueAt);
  return due.length
    ? { late: due.filter(({ completedLate }) => completedLate).length, total: due.length }
    : null;
}

/** Lists with tasks, those with the most open ones first. Subtasks count in the list of their parent. */
export function sharesOfLists(
  tasks: ReadonlyMap<string, Task>,
  lists: ReadonlyMap<string, TaskList>,
): ListShare[] {
  const shares = new Map<string | null, { list: TaskList | null; open: number; completed: number }>();
  for (const task of tasks.values()) {
    const { listId } = tasks.get(task.parentId ?? '') ?? task;
    const list = lists.get(listId ?? '') ?? null;
    const share = shares.get(list?.id ?? null) ?? { list, open: 0, completed: 0 };
    if (task.status === 'COMPLETED') share.completed += 1;
    else share.open += 1;
    shares.set(list?.id ?? null, share);
  }
  return [...shares.values()].sort((one, other) => other.open - one.open || other.completed - one.completed);
}
