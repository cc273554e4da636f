import type { Task } from '@taskbell/sync-client';
import { dueOf } from '../../tasks/dates';
import { byDue } from '../../tasks/order';
import { topLevel } from '../../tasks/selections';

type Tasks = ReadonlyMap<string, Task>;

/** Tasks by the day they are due on: what is open first, in the order of their times. */
export function tasksByDay(tasks: Tasks): ReadonlyMap<string, readonly Task[]> {
  const days = new Map<string, Task[]>();
  for (const task of tasks.values()) {
    const day = dueOf(task)?.day;
    if (!day) continue;
    const others = days.get(day);
    if (others) others.push(task);
    else days.set(day, [task]);
  }
  for (const due of days.values()) due.sort((one, other) => isDone(one) - isDone(other) || byDue(one, other));
  return days;
}

const isDone = ({ status }: Task): number => Number(status === 'COMPLETED');

/** Open tasks without a due date. */
export const undated = (tasks: Tasks): Task[] =>
  topLevel(tasks).filter((task) => task.status !== 'COMPLETED' && !dueOf(task));
