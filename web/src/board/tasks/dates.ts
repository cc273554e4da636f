/** Days and times as the person at the screen counts them: in the browser's time zone. Days are texts, `2027-01-15`. */
import type { Task } from '@taskbell/sync-client';
import { locale } from '../../languages/languages';

export interface Due {
  readonly day: string;
  /** `18:00`; null for a whole day. */
  readonly time: string | null;
  /** Milliseconds since 1970; the end of a whole day. */
  readonly at: number;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const pad = (number: number): string => String(number).padStart(2, '0');

export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

export const dayOf = (date: Date): string =>
  `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;

export const timeOf = (date: Date): string => `${pad(date.getHours())}:${pad(date.getMinutes())}`;

export const today = (): string => dayOf(new Date());

/** Noon, so that no change to or from daylight saving time moves it to another day. */
export const dateOf = (day: string): Date => new Date(`${day}T12:00`);

export function addDays(day: string, days: number): string {
  const date = dateOf(day);
  date.setDate(date.getDate() + days);
  return dayOf(date);
}

const known = new WeakMap<object, Due | null>(); // lists ask thousands of tasks, again and again

/** When a task is due; null if it is not. A task that waits to be sent has what was entered. */
export function dueOf(task: Pick<Task, 'dueAt' | 'dueOn'>): Due | null {
  let due = known.get(task);
  if (due === undefined) known.set(task, (due = computedDue(task)));
  return due;
}

function computedDue({ dueAt, dueOn }: Pick<Task, 'dueAt' | 'dueOn'>): Due | null {
  const day = dueOn ?? (dueAt && DAY.test(dueAt) ? dueAt : null);
  if (day) return { day, time: null, at: new Date(`${day}T23:59:59.999`).getTime() };
  if (!dueAt) return null;
  const date = new Date(dueAt);
  return { day: dayOf(date), time: timeOf(date), at: date.getTime() };
}

/** What `createTask` and `updateTask` take for a day and perhaps a time. */
export const dueInput = (day: string, time: string | null): { dueAt: string; timeZone: string } => ({
  dueAt: time ? `${day}T${time}` : day,
  timeZone: browserZone(),
});

export const isOverdue = (task: Task, now: number): boolean =>
  task.status !== 'COMPLETED' && (task.overdue || (dueOf(task)?.at ?? Infinity) < now);

const formats = new Map<string, Intl.DateTimeFormat>(); // one takes longer to make than a row to show

function format(at: Date | number, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify([locale(), options]);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale(), options);
  formats.set(key, known);
  return known.format(at);
}

/** `Fri, 15 Jan`, with the year when it is another. */
export function formatDay(day: string): string {
  const date = dateOf(day);
  const year = date.getFullYear() === new Date().getFullYear() ? {} : ({ year: 'numeric' } as const);
  return format(date, { weekday: 'short', day: 'numeric', month: 'short', ...year });
}

export const formatTime = (at: number): string => format(at, { hour: 'numeric', minute: '2-digit' });

export const formatMoment = (at: string | number): string =>
  format(new Date(at), { dateStyle: 'medium', timeStyle: 'short' });
