import { casual, GB } from 'chrono-node/en';
import type { DateWords } from './words';

const MONTH = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';
const UNIT = '(minute|min|hour|day|week|fortnight|month|year)s?';

const words: Omit<DateWords, 'chrono'> = {
  day: new RegExp(
    [
      '\\b(today|tomorrow|tmr|tonight|this (afternoon|evening|weekend)|next weekend)\\b',
      '\\b(mon|tues|wednes|thurs|fri|satur|sun)day\\b|\\b(tue|tues|thu|thur|thurs|fri)\\b|^(on|this|next)\\s+(mon|wed|sat|sun)\\b',
      `\\b(\\d{1,2}(st|nd|rd|th)?\\s+(of\\s+)?${MONTH}|${MONTH}\\s+\\d{1,2}(st|nd|rd|th)?)(?![\\p{L}\\p{N}])`,
      `^in\\s.+\\s${UNIT}$|^next (week|month|year)$|^(the )?end of`,
      '\\d{4}-\\d{2}-\\d{2}|\\d{1,2}[./]\\d{1,2}[./]\\d{4}',
    ].join('|'),
    'iu',
  ),
  doubtful: /^(mon|wed|sat|sun)\b/i,
  numbers: /^\d{1,2}\/\d{1,2}(\/\d{2})?(?=\s|$)/,
  time: /\b\d{1,2}:\d{2}\b|\d\s?[ap]\.?m\b|o'clock/i,
  introduction: /(?<=^|[\s(,])(due (on|by|at)|on|by|due|until|till|before|for|at)\s+$/i,
  title: /(^|\s)(from|after|since|of|about|last|every|each|past|previous|the)\s+$/i,
  never: /\b(ago|last|past|previous|yesterday|earlier|within)\b|^for\b/i,
};

/** @param monthFirst Whether `5/12/2027` is the 12th of May. */
export const english = (monthFirst: boolean): DateWords => ({ ...words, chrono: monthFirst ? casual : GB });
