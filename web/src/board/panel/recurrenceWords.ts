/** Rules of recurrence in words, as far as there are words; the rest of a rule stands as it is. */
import type { Recurrence } from '@taskbell/sync-client';
import { locale, t } from '../../languages/languages';
import { formatDay } from '../tasks/dates';
import { daysOf, intervalOf, partsOf, WEEKDAYS, type Parts, type Weekday } from './recurrence';

const SAID = ['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'BYMONTH', 'UNTIL', 'COUNT', 'WKST'];
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

export function recurrenceWords({ rrule, afterCompletion }: Recurrence): string {
  const parts = partsOf(rrule);
  const interval = intervalOf(parts);
  if (afterCompletion) return joined([t(`repeat.after.${unitOf(parts)}`, { interval }), ...endOf(parts)]);
  if (isWorkdays(parts)) return joined([t('repeat.workdays'), ...endOf(parts)]);
  const rest = Object.keys(parts).filter((name) => !SAID.includes(name));
  const unsaid = rest.map((name) => `${name}=${parts[name]}`).join(';');
  return joined([
    t(`repeat.every.${unitOf(parts)}`, { interval }),
    ...onOf(parts),
    ...monthsOf(parts),
    ...endOf(parts),
    ...(unsaid ? [`(${unsaid})`] : []),
  ]);
}

export const weekdayName = (day: Weekday, style: 'long' | 'short' = 'long'): string =>
  new Intl.DateTimeFormat(locale(), { weekday: style, timeZone: 'UTC' }).format(
    MONDAY + WEEKDAYS.indexOf(day) * DAY_MS,
  );

const joined = (words: readonly string[]): string => words.join(' ');
const list = (words: readonly string[]): string => new Intl.ListFormat(locale()).format(words);

function unitOf({ FREQ }: Parts): 'day' | 'week' | 'month' | 'year' {
  return ({ WEEKLY: 'week', MONTHLY: 'month', YEARLY: 'year' } as const)[FREQ ?? ''] ?? 'day';
}

const isWorkdays = (parts: Parts): boolean =>
  parts.FREQ === 'WEEKLY' && intervalOf(parts) === 1 && daysOf(parts).join() === 'MO,TU,WE,TH,FR';

function onOf({ BYDAY, BYMONTHDAY }: Parts): string[] {
  const days = (BYDAY ?? '').split(',').filter(Boolean).map(dayWords);
  const dates = (BYMONTHDAY ?? '').split(',').filter(Boolean).map(Number).map(dateWords);
  return [
    ...(days.length ? [t('repeat.onDays', { days: list(days) })] : []),
    ...(dates.length ? [t('repeat.onDays', { days: list(dates) })] : []),
  ];
}

function dayWords(text: string): string {
  const day = weekdayName(text.slice(-2) as Weekday);
  const ordinal = Number(text.slice(0, -2));
  if (!ordinal) return day;
  if (ordinal < 0) return t('repeat.lastDay', { nth: -ordinal, day });
  return t('repeat.nthDay', { nth: ordinal, day });
}

const dateWords = (date: number): string =>
  date < 0 ? t('repeat.lastDate', { nth: -date }) : t('repeat.date', { date });

function monthsOf({ BYMONTH }: Parts): string[] {
  const name = (month: number): string =>
    new Date(Date.UTC(2024, month - 1, 1)).toLocaleDateString(locale(), { month: 'long', timeZone: 'UTC' });
  const months = (BYMONTH ?? '').split(',').filter(Boolean).map(Number).map(name);
  return months.length ? [t('repeat.inMonths', { months: list(months) })] : [];
}

function endOf({ COUNT, UNTIL }: Parts): string[] {
  const day = UNTIL?.replace(/^(\d{4})(\d{2})(\d{2}).*$/, '$1-$2-$3');
  return [
    ...(COUNT ? [t('repeat.times', { count: Number(COUNT) })] : []),
    ...(day ? [t('repeat.until', { day: formatDay(day) })] : []),
  ];
}
