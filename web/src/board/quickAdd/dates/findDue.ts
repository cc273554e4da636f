/** Finds the due date in a line of text. What may be no date stays text: `chapter 4`, `exercises 12 to 18`, `the sun`. */
import { dayOf, timeOf } from '../../tasks/dates';
import type { Range } from '../draft';
import type { DateWords } from './words';

export interface FoundDue {
  /** Null if there is only a time. */
  readonly day: string | null;
  readonly time: string | null;
  readonly ranges: readonly Range[];
}

type Result = ReturnType<DateWords['chrono']['parse']>[number];

/** A number that chrono takes for the time: `12 monday` in `pages 10-12 monday`. */
const LEADING_NUMBER = /^\d{1,4}([.,]\d+)?[\s,]+(?=\p{L})/u;
const PART_OF_DAY = /^casualReference\/(morning|afternoon|evening|night|tonight|noon|midnight)$/;

/** Return the last day that the text names and its time; null if it names none. */
export function findDue(
  text: string,
  words: DateWords,
  now: Date,
  isIgnored: (range: Range) => boolean,
): FoundDue | null {
  const found = words.chrono
    .parse(text, now, { forwardDate: true })
    .flatMap((result) => read(text, result, words, now) ?? [])
    .filter(({ ranges: [range] }) => range && !isIgnored(range));
  const day = found.findLast((one) => one.day);
  const time = found.findLast((one) => one.time && !one.day);
  if (!day || day.time || !time) return day ?? time ?? null;
  return { day: day.day, time: time.time, ranges: [...day.ranges, ...time.ranges] };
}

function read(text: string, result: Result, words: DateWords, now: Date): FoundDue | null {
  const number = leadingNumber(result.text, words);
  const [start, end] = [result.index + number.length, result.index + result.text.length];
  const [before, date] = [text.slice(0, start), text.slice(start, end)];
  if (!standsAlone(before, text.slice(end)) || words.never.test(date)) return null;
  const introduction = words.introduction.exec(before);
  if (!introduction && words.title.test(before)) return null;

  const hasTime = words.time.test(date);
  const isDoubtful = words.doubtful.test(date) || words.numbers.test(date);
  const hasDay = isDoubtful ? hasTime || introduction !== null : words.day.test(date);
  const at = result.start.date();
  if ((!hasDay && !hasTime) || dayOf(at) < dayOf(now)) return null;
  const isTimed = !number && (result.start.isCertain('hour') || namesPartOfDay(result));
  return {
    day: hasDay ? dayOf(at) : null,
    time: isTimed ? timeOf(at) : null,
    ranges: [{ start: introduction?.index ?? start, end }],
  };
}

function leadingNumber(matched: string, words: DateWords): string {
  const [number = ''] = LEADING_NUMBER.exec(matched) ?? [];
  const day = words.day.exec(matched);
  return day && day.index >= number.length ? number : ''; // else it is the day's: `12 December`
}

const namesPartOfDay = ({ start }: Result): boolean => [...start.tags()].some((tag) => PART_OF_DAY.test(tag));

/** Not within a word: `fr` in `früh`. */
const standsAlone = (before: string, after: string): boolean =>
  !/[\p{L}\p{N}#@/-]$/u.test(before) && !/^[-/:]?[\p{L}\p{N}]/u.test(after);
