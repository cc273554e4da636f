import type { TextKey } from '../../languages/languages';

const MINUTE = 60_000;
const MORNING = 8;

interface Snooze {
  readonly key: TextKey;
  readonly until: (now: Date) => Date;
}

/** For how long a notification can be put off. */
export const SNOOZES: readonly Snooze[] = [
  { key: 'snooze.minutes', until: (now) => new Date(now.getTime() + 10 * MINUTE) },
  { key: 'snooze.hour', until: (now) => new Date(now.getTime() + 60 * MINUTE) },
  {
    key: 'snooze.tomorrow',
    until: (now) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, MORNING),
  },
];
