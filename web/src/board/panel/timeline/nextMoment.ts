import type { Task } from '@taskbell/sync-client';
import { dueOf } from '../../tasks/dates';

const MINUTE = 60_000;

/** What a waiting run waits for: the next reminder, or the due date; null if nothing is to come. */
export function nextMoment(task: Task, now: number): number | null {
  const due = dueOf(task)?.at;
  const moments = [
    ...(due === undefined ? [] : [due, ...task.remindBefore.map((minutes) => due - minutes * MINUTE)]),
    ...task.remindAt.map((moment) => Date.parse(moment)),
  ];
  const coming = moments.filter((moment) => moment > now);
  return coming.length ? Math.min(...coming) : null;
}
