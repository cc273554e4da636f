/** Minutes in words and in the unit that people would choose. */
import { locale, t } from '../../languages/languages';

export const UNITS = { minute: 1, hour: 60, day: 1_440, week: 10_080 } as const;
export type Unit = keyof typeof UNITS;

/** `2 hours before`: in the largest unit that divides the minutes. */
export function reminderWords(minutes: number): string {
  if (minutes === 0) return t('panel.atDue');
  const unit = (['week', 'day', 'hour'] as const).find((name) => minutes % UNITS[name] === 0) ?? 'minute';
  return t('panel.before', { duration: durationWords(minutes / UNITS[unit], unit) });
}

export const durationWords = (count: number, unit: Unit): string =>
  new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' }).format(count);

/** The name of a unit, as of several. */
export function unitName(unit: Unit): string {
  const parts = new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' }).formatToParts(
    5,
  );
  return parts.find(({ type }) => type === 'unit')?.value ?? unit;
}
