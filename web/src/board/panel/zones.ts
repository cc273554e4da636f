/** Clock times in time zones other than the browser's. */
import type { Task } from '@taskbell/sync-client';
import { browserZone, dueInput, dueOf } from '../tasks/dates';

/** A day and a time as people enter them; `''` where there is none. */
export interface Entered {
  readonly day: string;
  readonly time: string;
}

/** The zone that a task's due date is meant in. */
export const zoneOf = ({ dueAt, timeZone }: Pick<Task, 'dueAt' | 'timeZone'>): string =>
  dueAt ? timeZone : browserZone();

/** When a task is due by the clock of its own time zone. */
export function enteredDue(task: Task): Entered {
  const due = dueOf(task);
  if (!due) return { day: '', time: '' };
  if (!due.time) return { day: due.day, time: '' };
  const isLocal = !/(Z|[+-]\d\d:?\d\d)$/.test(task.dueAt ?? '');
  return isLocal ? { day: due.day, time: due.time } : clockAt(due.at, zoneOf(task));
}

/** What `updateTask` takes for an entered due date: the clock is that of the task's zone, if it has another one. */
export function enteredInput(
  { day, time }: Entered,
  zone: string,
): { dueAt: string | null; timeZone?: string } {
  if (!day) return { dueAt: null };
  if (zone === browserZone()) return dueInput(day, time || null);
  return { dueAt: time ? new Date(instantAt(day, time, zone)).toISOString() : day };
}

/** What a clock in a zone shows. */
export function clockAt(at: number, zone: string): Entered {
  const shown = new Date(at + offsetAt(at, zone)).toISOString();
  return { day: shown.slice(0, 10), time: shown.slice(11, 16) };
}

/** When a clock in a zone shows this; of what it shows twice the first. */
export function instantAt(day: string, time: string, zone: string): number {
  const nominal = Date.parse(`${day}T${time}Z`);
  const [earlier, later] = [nominal - 86_400_000, nominal + 86_400_000].map((at) => offsetAt(at, zone));
  const first = nominal - earlier!;
  return offsetAt(first, zone) === earlier ? first : nominal - later!;
}

/** Milliseconds that a zone's clocks are ahead of UTC. */
function offsetAt(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const value = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const clock = Date.UTC(
    value('year'),
    value('month') - 1,
    value('day'),
    value('hour'),
    value('minute'),
    value('second'),
  );
  return clock - Math.floor(at / 1_000) * 1_000;
}
