/** What a language's words say about a date that chrono-node found: whether it is one, and which words belong to it. */
import type { Chrono } from 'chrono-node/en';

export interface DateWords {
  readonly chrono: Chrono;
  /** Names a day without doubt. */
  readonly day: RegExp;
  /** Short names of weekdays that are other words as well: they count with a time or after an introduction. */
  readonly doubtful: RegExp;
  /** Numbers that may be a day and a month, or something else: `1/2`. They count in the same cases. */
  readonly numbers: RegExp;
  /** A time of day without doubt; `at 6` is one only beside a day. */
  readonly time: RegExp;
  /** At the end of what stands before: words that belong to the date. */
  readonly introduction: RegExp;
  /** At the end of what stands before: words that make it part of the title, `notes from`. */
  readonly title: RegExp;
  /** Within: what is past, or no date but a duration. */
  readonly never: RegExp;
}
