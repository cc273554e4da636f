import { casual, type Chrono } from 'chrono-node/de';
import type { DateWords } from './words';

const MONTH = '(jän|jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)\\p{L}*\\.?';
const UNIT = '(minuten?|min|stunden?|tag(e|en)?|wochen?|monat(e|en)?|jahr(e|en)?)';

/** `5.12.`, which chrono does not know without a year. */
function withShortDates(chrono: Chrono): Chrono {
  const extended = chrono.clone();
  extended.parsers.push({
    pattern: () => /(\d{1,2})\.\s?(\d{1,2})\.(?!\d)/,
    extract: (_context, [, day, month]) =>
      Number(day) <= 31 && Number(month) <= 12 ? { day: Number(day), month: Number(month) } : null,
  });
  return extended;
}

export const german: DateWords = {
  chrono: withShortDates(casual),
  day: new RegExp(
    [
      '(?<!\\p{L})(heute|morgen|übermorgen)(?!\\p{L})',
      '(?<!\\p{L})(mon|diens|donners|frei|sams|sonn)tag(?!\\p{L})|(?<!\\p{L})(mittwoch|sonnabend)(?!\\p{L})',
      '^(am|diesen|nächsten)\\s+(mo|di|mi|do|fr|sa|so)(?!\\p{L})',
      `\\d{1,2}\\.?\\s+${MONTH}`,
      `^in\\s.+\\s${UNIT}$|^(nächste[nrs]?|kommende[nrs]?) (woche|monat|jahr)$`,
      '\\d{4}-\\d{2}-\\d{2}|\\d{1,2}[./]\\d{1,2}[./]\\d{4}|\\d{1,2}\\.\\s?\\d{1,2}\\.(?!\\d)',
    ].join('|'),
    'iu',
  ),
  doubtful: /^(mo|di|mi|do|fr|sa|so)(?!\p{L})/iu,
  numbers: /^\d{1,2}[./]\d{1,2}([./]\d{2})?$/,
  time: /\b\d{1,2}:\d{2}\b|\b\d{1,2}([:.]\d{2})?\s*uhr\b/i,
  introduction:
    /(?<=^|[\s(,])(((fällig )?am|bis|bis zum|zum|ab|für|fällig|um|kommende[nrs]?) )*((fällig )?am|bis|bis zum|zum|ab|für|fällig|um|kommende[nrs]?)\s+$/iu,
  title: /(^|\s)(vom|von|seit|nach|letzten?|vorigen?|jeden|jede|jedes|guten|der|dem|den|das)\s+$/iu,
  never: /(?<!\p{L})(vor|letzte[nrs]?|vorige[nrs]?|vergangene[nrs]?|gestern|vorgestern)(?!\p{L})/iu,
};
