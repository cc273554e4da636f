/** Reads a line such as `essay on Rome tomorrow 18:00 #history !high /History`. */
import type { TaskList } from '@taskbell/sync-client';
import { addDays, dayOf, timeOf } from '../tasks/dates';
import { findDue } from './dates/findDue';
import type { DateWords } from './dates/words';
import type { Draft, Mark, Meaning, Priority, Range } from './draft';
import { findRecurrence, firstDay } from './recurrence';

export interface Surroundings {
  readonly now: Date;
  readonly lists: Iterable<TaskList>;
  /** Null as long as the words for dates are not loaded. */
  readonly dates: DateWords | null;
  /** Keys of marks that are to stay words of the title. */
  readonly ignored: ReadonlySet<string>;
  /** What holds where the text says nothing of the kind: the day or the list that is shown. */
  readonly defaults?: readonly Meaning[];
}

const LABEL = /(?<=^|\s)#(?<label>[\p{L}\p{N}_-]*\p{L}[\p{L}\p{N}_-]*)(?=$|[\s,.;!?])/gu;
const PRIORITY = /(?<=^|\s)!(?<name>\p{L}+)(?=$|\s)/gu;
const PRIORITIES: Readonly<Record<string, Priority>> = {
  low: 'LOW',
  normal: 'NORMAL',
  high: 'HIGH',
  urgent: 'URGENT',
  niedrig: 'LOW',
  hoch: 'HIGH',
  dringend: 'URGENT',
};
const LABELS = 20;
const LONGEST_LABEL = 50;
const FILLER = '\u0001';

/** Return the title and what the other words mean. Words that mean something stay title if nothing else is left. */
export function parse(text: string, surroundings: Surroundings): Draft {
  const marks = marksIn(text, surroundings);
  const taken = marks.flatMap(({ ranges }) => ranges);
  const title = remaining(text, taken);
  return title ? { title, marks } : { title: text.trim(), marks: [] };
}

function marksIn(text: string, { now, lists, dates, ignored, defaults = [] }: Surroundings): Mark[] {
  const marks: Mark[] = [];
  let unread = text;
  const add = (meaning: Meaning, ranges: readonly Range[]): void => {
    const key = keyOf(meaning.kind, text, ranges);
    if (ignored.has(key)) return;
    marks.push({ ...meaning, key, ranges });
    unread = masked(unread, ranges);
  };
  addPriority(text, add);
  for (const { label, ranges } of labelsIn(text)) add({ kind: 'label', label }, ranges);
  const list = listIn(unread, lists);
  if (list) add({ kind: 'list', listId: list.id }, [list.range]);
  const recurrence = findRecurrence(unread);
  if (recurrence) {
    const { rrule, range } = recurrence;
    add({ kind: 'recurrence', rrule, words: text.slice(range.start, range.end) }, [range]);
  }
  const isIgnored = (range: Range): boolean => ignored.has(keyOf('due', text, [range]));
  const found = dates && findDue(unread, dates, now, isIgnored);
  const repeats = marks.find((mark) => mark.kind === 'recurrence');
  const day = found?.day ?? dayFor(found?.time ?? null, repeats?.rrule ?? null, now);
  if (day) add({ kind: 'due', day, time: found?.time ?? null }, found?.ranges ?? []);
  for (const meaning of defaults) {
    if (!marks.some(({ kind }) => kind === meaning.kind)) add(meaning, []);
  }
  return marks;
}

type Add = (meaning: Meaning, ranges: readonly Range[]) => void;

function addPriority(text: string, add: Add): void {
  const last = [...text.matchAll(PRIORITY)].findLast(({ groups }) => priorityOf(groups?.name));
  const priority = priorityOf(last?.groups?.name);
  if (last && priority) add({ kind: 'priority', priority }, [rangeOf(last)]);
}

const priorityOf = (name = ''): Priority | undefined => PRIORITIES[name.toLowerCase()];

/** The labels, each once whatever its case. */
function labelsIn(text: string): { label: string; ranges: Range[] }[] {
  const labels = new Map<string, { label: string; ranges: Range[] }>();
  for (const match of text.matchAll(LABEL)) {
    const label = match.groups!.label!;
    const same = labels.get(label.toLowerCase());
    if (same) same.ranges.push(rangeOf(match));
    else if (label.length <= LONGEST_LABEL)
      labels.set(label.toLowerCase(), { label, ranges: [rangeOf(match)] });
  }
  return [...labels.values()].slice(0, LABELS);
}

/** The list whose name follows `/` or `@`; of several that fit the longest. Anything else behind these stays text. */
function listIn(text: string, lists: Iterable<TaskList>): { id: string; range: Range } | null {
  const open = [...lists].filter(({ archivedAt }) => !archivedAt);
  for (const { index } of text.matchAll(/(?<=^|\s)[/@](?=\S)/g)) {
    const after = text.slice(index + 1);
    const [best] = open
      .map(({ id, name }) => ({ id, length: lengthOfName(after, name) }))
      .filter(({ length }) => length > 0)
      .sort((one, other) => other.length - one.length);
    if (best) return { id: best.id, range: { start: index, end: index + 1 + best.length } };
  }
  return null;
}

/** How many characters of the text are this name, in any case, with its spaces or without; 0 if it is not there. */
function lengthOfName(text: string, name: string): number {
  const isName = (written: string): boolean =>
    text.slice(0, written.length).toLowerCase() === written.toLowerCase() &&
    /^($|[\s,.;!?])/.test(text.slice(written.length));
  return [name, name.replace(/\s+/g, '')].find(isName)?.length ?? 0;
}

/** The day of what has a time alone, or repeats: the next one that fits. */
function dayFor(time: string | null, rrule: string | null, now: Date): string | null {
  if (!time && !rrule) return null;
  const from = time && time <= timeOf(now) ? addDays(dayOf(now), 1) : dayOf(now);
  return rrule ? firstDay(rrule, from) : from;
}

const rangeOf = (match: RegExpExecArray): Range => ({
  start: match.index,
  end: match.index + match[0].length,
});

const keyOf = (kind: string, text: string, ranges: readonly Range[]): string =>
  [kind, ...ranges.map(({ start, end }) => text.slice(start, end).toLowerCase())].join(' ');

const masked = (text: string, ranges: readonly Range[]): string =>
  ranges.reduce(
    (rest, { start, end }) => rest.slice(0, start) + FILLER.repeat(end - start) + rest.slice(end),
    text,
  );

/** The text without the ranges, and without the spaces and commas around them. */
const remaining = (text: string, ranges: readonly Range[]): string =>
  masked(text, ranges)
    .replace(/^[\s\u0001]*\u0001[\s\u0001,;:]*/, '')
    .replace(/[\s\u0001,]*\u0001[\s\u0001]*(?=[,.;!?]|$)/g, '')
    .replace(/[\s\u0001]*\u0001[\s\u0001]*/g, ' ')
    .trim();
