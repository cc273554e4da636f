/** Rules of recurrence (RRULE of RFC 5545): their parts, and the presets that the panel offers. */
import type { Recurrence } from '@taskbell/sync-client';
import { dateOf } from '../tasks/dates';

export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** `none` is no recurrence, `custom` a rule that none of the others makes. */
export const PRESETS = [
  'none',
  'daily',
  'weekdays',
  'weekly',
  'monthlyDay',
  'monthlyNth',
  'monthlyLast',
  'yearly',
  'completion',
  'custom',
] as const;
export type Preset = (typeof PRESETS)[number];

export type Parts = Readonly<Record<string, string>>;

const WORKDAYS = 'MO,TU,WE,TH,FR';
const ENDS = ['UNTIL', 'COUNT'];

/** `FREQ=WEEKLY;BYDAY=MO` as its parts. */
export function partsOf(rrule: string): Parts {
  const content = rrule.replace(/^RRULE:/i, '').toUpperCase();
  return Object.fromEntries(
    content
      .split(';')
      .filter(Boolean)
      .map((part) => {
        const [name = '', value = ''] = part.split('=');
        return [name, value];
      }),
  );
}

export const intervalOf = ({ INTERVAL }: Parts): number => Number(INTERVAL ?? 1);

export const daysOf = ({ BYDAY }: Parts): Weekday[] =>
  WEEKDAYS.filter((day) => BYDAY?.split(',').includes(day));

export function weekdayOf(day: string): Weekday {
  return WEEKDAYS[(dateOf(day).getDay() + 6) % 7]!;
}

/** Which week of its month a day is in: 1 to 5. */
export const ordinalOf = (day: string): number => Math.ceil(Number(day.slice(8)) / 7);

/** The preset that makes this rule for a task that is due on a day. */
export function presetOf(recurrence: Recurrence | null, day: string): Preset {
  if (!recurrence) return 'none';
  if (recurrence.afterCompletion) return 'completion';
  const parts = withoutEnd(partsOf(recurrence.rrule));
  const found = PRESETS.find(
    (preset) => preset !== 'none' && preset !== 'custom' && isSame(parts, shapeOf(preset, day, parts)),
  );
  return found ?? 'custom';
}

function shapeOf(preset: Preset, day: string, { BYDAY, INTERVAL }: Parts): Parts {
  const parts = partsOf(ruleOf(preset, day)?.rrule ?? '');
  const ofWeek = preset === 'weekly' && BYDAY ? { BYDAY } : {};
  return { ...parts, ...ofWeek, ...(INTERVAL && preset !== 'weekdays' && { INTERVAL }) };
}

const withoutEnd = (parts: Parts): Parts =>
  Object.fromEntries(Object.entries(parts).filter(([name]) => !ENDS.includes(name)));

const isSame = (one: Parts, other: Parts): boolean =>
  Object.keys({ ...one, ...other }).every((name) => one[name] === other[name]);

/** The rule of a preset for a task that is due on a day. */
export function ruleOf(preset: Preset, day: string): Recurrence | null {
  const weekday = weekdayOf(day);
  const rules: Record<Preset, string> = {
    none: '',
    daily: 'FREQ=DAILY',
    weekdays: `FREQ=WEEKLY;BYDAY=${WORKDAYS}`,
    weekly: `FREQ=WEEKLY;BYDAY=${weekday}`,
    monthlyDay: `FREQ=MONTHLY;BYMONTHDAY=${Number(day.slice(8))}`,
    monthlyNth: `FREQ=MONTHLY;BYDAY=${ordinalOf(day)}${weekday}`,
    monthlyLast: `FREQ=MONTHLY;BYDAY=-1${weekday}`,
    yearly: 'FREQ=YEARLY',
    completion: 'FREQ=DAILY;INTERVAL=7',
    custom: `FREQ=MONTHLY;BYDAY=${WORKDAYS};BYSETPOS=-1`,
  };
  const rrule = rules[preset];
  return rrule ? { rrule, afterCompletion: preset === 'completion' } : null;
}

/** The same rule with other parts; those that are empty are taken away. */
export function withParts({ rrule, afterCompletion }: Recurrence, change: Parts): Recurrence {
  const parts = Object.entries({ ...partsOf(rrule), ...change }).filter(([, value]) => value);
  return {
    rrule: parts.map(([name, value]) => `${name}=${value}`).join(';'),
    afterCompletion: afterCompletion ?? false,
  };
}
