import { expect, test } from 'vitest';
import { addMonths, dayByKey, firstDayOfWeek, weeksOf } from '../src/board/views/calendar/month';

test('a month has its weeks, from the first day of weeks on', () => {
  const november = weeksOf('2026-11', 1);
  expect(november.map((week) => week[0])).toEqual([
    '2026-10-26',
    '2026-11-02',
    '2026-11-09',
    '2026-11-16',
    '2026-11-23',
    '2026-11-30',
  ]);
  expect(november.every((week) => week.length === 7)).toBe(true);
  expect(weeksOf('2026-11', 7)[0]![0]).toBe('2026-11-01');
  expect(weeksOf('2027-02', 1)).toHaveLength(4);
});

test('the year turns within a week, and no day is lost to daylight saving time', () => {
  const last = weeksOf('2026-12', 1).at(-1)!;
  expect([last[0], last[4], last[6]]).toEqual(['2026-12-28', '2027-01-01', '2027-01-03']);
  expect(new Set(weeksOf('2027-03', 1).flat()).size).toBe(35);
});

test('weeks begin as they do where the language is spoken', () => {
  expect(firstDayOfWeek('de-AT')).toBe(1);
  expect(firstDayOfWeek('en-US')).toBe(7);
  expect(firstDayOfWeek('ar-EG')).toBe(6);
});

test('another month has the same day, or its last one', () => {
  expect(addMonths('2027-01-31', 1)).toBe('2027-02-28');
  expect(addMonths('2027-01-15', -1)).toBe('2026-12-15');
  expect(addMonths('2026-12-31', 1)).toBe('2027-01-31');
});

test('keys lead to other days, in the direction of the script', () => {
  const week = weeksOf('2027-01', 1)[2]!;
  const by = (key: string, isRightToLeft = false): string | null =>
    dayByKey(key, '2027-01-15', week, isRightToLeft);
  expect(by('ArrowRight')).toBe('2027-01-16');
  expect(by('ArrowRight', true)).toBe('2027-01-14');
  expect(by('ArrowUp')).toBe('2027-01-08');
  expect(by('PageDown')).toBe('2027-02-15');
  expect([by('Home'), by('End')]).toEqual(['2027-01-11', '2027-01-17']);
  expect(by('Tab')).toBeNull();
});
