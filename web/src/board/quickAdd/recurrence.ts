/** Finds `every week`, `every 2 days`, `every monday and friday` and their German forms, as rules of RFC 5545. */
import { addDays, dateOf } from '../tasks/dates';
import type { Range } from './draft';

const DAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
const WORKING_DAYS = 'MO,TU,WE,TH,FR';
/** The beginnings of the weekdays' names, in the order of DAYS. */
const NAMES = [
  ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
  ['son', 'mon', 'die', 'mit', 'don', 'fre', 'sam'],
];
const UNITS: Readonly<Record<string, string>> = {
  d: 'DAILY',
  t: 'DAILY',
  w: 'WEEKLY',
  m: 'MONTHLY',
  y: 'YEARLY',
  j: 'YEARLY',
};

const ENGLISH_DAY =
  '(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?';
const GERMAN_DAY = '(?:(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend)';
const PATTERNS = [
  /(?<!\p{L})every\s+(?<other>other\s+|second\s+)?(?:(?<count>\d{1,3})\s+)?(?<unit>day|week|month|year)s?(?!\p{L})/iu,
  /(?<!\p{L})(?<working>every\s+(?:weekday|working day|workday)|werktags|jeden\s+(?:Werktag|Arbeitstag))(?!\p{L})/iu,
  new RegExp(
    `(?<!\\p{L})every\\s+(?<days>${ENGLISH_DAY}(?:(?:\\s*,\\s*|\\s+and\\s+)${ENGLISH_DAY})*)(?!\\p{L})`,
    'iu',
  ),
  /(?<!\p{L})jede[nrs]?\s+(?<other>zweite[nrs]?\s+)?(?<unit>Tag|Woche|Monat|Jahr)(?!\p{L})/iu,
  /(?<!\p{L})alle\s+(?<count>\d{1,3}|zwei|drei|vier)\s+(?<unit>Tage|Wochen|Monate|Jahre)(?!\p{L})/iu,
  /(?<!\p{L})(?<unit>täglich|wöchentlich|monatlich|jährlich)(?!\p{L})/iu,
  new RegExp(
    `(?<!\\p{L})jeden\\s+(?<days>${GERMAN_DAY}(?:(?:\\s*,\\s*|\\s+und\\s+)${GERMAN_DAY})*)(?!\\p{L})`,
    'iu',
  ),
];
const NUMBERS: Readonly<Record<string, number>> = { zwei: 2, drei: 3, vier: 4 };

export interface FoundRecurrence {
  readonly rrule: string;
  readonly range: Range;
}

/** Return the first recurrence in the text, in either language. */
export function findRecurrence(text: string): FoundRecurrence | null {
  for (const pattern of PATTERNS) {
    const match = pattern.exec(text);
    const rrule = match?.groups && rruleOf(match.groups);
    if (rrule) return { rrule, range: { start: match.index, end: match.index + match[0].length } };
  }
  return null;
}

function rruleOf({ unit, count, other, working, days }: Record<string, string | undefined>): string | null {
  if (working) return `FREQ=WEEKLY;BYDAY=${WORKING_DAYS}`;
  if (days) return `FREQ=WEEKLY;BYDAY=${daysOf(days).join(',')}`;
  const interval = other ? 2 : count ? (NUMBERS[count.toLowerCase()] ?? Number(count)) : 1;
  if (!interval) return null;
  return `FREQ=${UNITS[unit?.[0]?.toLowerCase() ?? '']}${interval > 1 ? `;INTERVAL=${interval}` : ''}`;
}

function daysOf(names: string): string[] {
  const found = names.split(/\s*,\s*|\s+(?:and|und)\s+/i).map((name) => {
    const beginning = name.slice(0, 3).toLowerCase();
    if (name.toLowerCase() === 'sonnabend') return 'SA';
    return DAYS[NAMES.map((ofLanguage) => ofLanguage.indexOf(beginning)).find((index) => index >= 0) ?? 0]!;
  });
  return DAYS.filter((day) => found.includes(day));
}

/** The first day of a rule that begins today, or tomorrow if `time` is past. */
export function firstDay(rrule: string, from: string): string {
  const days = /BYDAY=([\w,]+)/.exec(rrule)?.[1]?.split(',');
  const next = Array.from({ length: 7 }, (_, number) => addDays(from, number));
  return next.find((day) => !days || days.includes(DAYS[dateOf(day).getDay()]!)) ?? from;
}

/** The words for a rule, which are read as the same rule again; null for a rule that no words stand for. */
export function recurrenceWords(rrule: string): string | null {
  const [, frequency, interval] = /^FREQ=(\w+)(?:;INTERVAL=(\d+))?$/.exec(rrule) ?? [];
  const unit = { DAILY: 'days', WEEKLY: 'weeks', MONTHLY: 'months', YEARLY: 'years' }[frequency ?? ''];
  if (unit) return `every ${interval ?? 1} ${unit}`;
  const [, days] = /^FREQ=WEEKLY;BYDAY=([A-Z,]+)$/.exec(rrule) ?? [];
  return days
    ? `every ${days
        .split(',')
        .map((day) => NAMES[0]![DAYS.indexOf(day)])
        .join(', ')}`
    : null;
}
