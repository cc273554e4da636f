/** How the page writes numbers, times and ages. */
import { locale } from '../languages/languages';

export const NOTHING = '–';

export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
}

/** A time of today without its day. */
export function time(instant: string): string {
  const at = new Date(instant);
  const isToday = at.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(locale(), isToday ? TIME : { ...DAY, ...TIME }).format(at);
}

const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit' };
const DAY: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: 'numeric' };

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** A length of time in its largest unit: `3 min`, `1.2 sec`. */
export function duration(seconds: number): string {
  const [unit, size] = UNITS.find(([, length]) => seconds >= length) ?? (['second', 1] as const);
  const digits = unit === 'second' && seconds < 10 ? 1 : 0;
  const style = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(locale(), style).format(seconds / size);
}

/** How long something took, or has taken by now. */
export function between(from: string, to: string | null): string {
  return duration(Math.max(0, (to ? Date.parse(to) : Date.now()) - Date.parse(from)) / 1_000);
}
