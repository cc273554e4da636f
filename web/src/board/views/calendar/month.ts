/** The days of a month as a calendar shows them. Months are texts, `2027-01`; days `2027-01-15`. */
import { addDays, dateOf } from '../../tasks/dates';

interface WeekInfo {
  /** 1 is Monday, 7 is Sunday. */
  readonly firstDay: number;
}
type WithWeekInfo = Intl.Locale & { getWeekInfo?: () => WeekInfo; weekInfo?: WeekInfo };

const DAYS = 7;
const MONDAY = 1;

export const monthOf = (day: string): string => day.slice(0, 7);

/** The first day of weeks where this locale is used; Monday in browsers that do not know. */
export function firstDayOfWeek(locale: string): number {
  const known: WithWeekInfo = new Intl.Locale(locale);
  return (known.getWeekInfo?.() ?? known.weekInfo)?.firstDay ?? MONDAY;
}

/** The weeks that have days of the month, each with its seven days. */
export function weeksOf(month: string, firstDay: number): string[][] {
  const first = `${month}-01`;
  const before = (dateOf(first).getDay() - firstDay + DAYS) % DAYS;
  const weeks: string[][] = [];
  for (let start = addDays(first, -before); monthOf(start) <= month; start = addDays(start, DAYS))
    weeks.push(Array.from({ length: DAYS }, (_, index) => addDays(start, index)));
  return weeks;
}

/** The same day of another month, or that month's last one. */
export function addMonths(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const first = new Date(year, month - 1 + months, 1, 12);
  const last = new Date(first.getFullYear(), first.getMonth() + 1, 0).getDate();
  first.setDate(Math.min(date, last));
  const pad = (number: number): string => String(number).padStart(2, '0');
  return `${first.getFullYear()}-${pad(first.getMonth() + 1)}-${pad(first.getDate())}`;
}

/** The day that a key leads to from another one; null for other keys. */
export function dayByKey(
  key: string,
  day: string,
  week: readonly string[],
  isRightToLeft: boolean,
): string | null {
  const onward = isRightToLeft ? -1 : 1;
  const days: Readonly<Record<string, number>> = {
    ArrowRight: onward,
    ArrowLeft: -onward,
    ArrowDown: DAYS,
    ArrowUp: -DAYS,
  };
  const step = days[key];
  if (step) return addDays(day, step);
  if (key === 'PageDown') return addMonths(day, 1);
  if (key === 'PageUp') return addMonths(day, -1);
  if (key === 'Home') return week[0]!;
  return key === 'End' ? week.at(-1)! : null;
}
