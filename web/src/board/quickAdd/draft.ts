/** What quick add reads from a line of text, and where. */
import type { Inputs } from '@taskbell/sync-client';
import { dueInput } from '../tasks/dates';

/** Positions in the text, from `start` up to but not including `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export type Meaning =
  | { readonly kind: 'due'; readonly day: string; readonly time: string | null }
  | { readonly kind: 'recurrence'; readonly rrule: string; readonly words: string }
  | { readonly kind: 'priority'; readonly priority: Priority }
  | { readonly kind: 'label'; readonly label: string }
  | { readonly kind: 'list'; readonly listId: string };

export type Priority = 'LOW' | 'NORMAL' | 'HIGH' | 'URGENT';

/** A part of the text that is no part of the title, with what it means. */
export type Mark = Meaning & {
  /** Names it as long as the text has the same words. */
  readonly key: string;
  readonly ranges: readonly Range[];
};

export interface Draft {
  readonly title: string;
  readonly marks: readonly Mark[];
}

/** What `createTask` takes. */
export function inputOf({ title, marks }: Draft): Inputs['createTask'] {
  const labels = marks.flatMap((mark) => (mark.kind === 'label' ? [mark.label] : []));
  const parts = marks.map((mark): Partial<Inputs['createTask']> => {
    if (mark.kind === 'due') return dueInput(mark.day, mark.time);
    if (mark.kind === 'recurrence') return { recurrence: { rrule: mark.rrule } };
    if (mark.kind === 'priority') return { priority: mark.priority };
    return mark.kind === 'list' ? { listId: mark.listId } : {};
  });
  return Object.assign({ title, ...(labels.length > 0 && { labels }) }, ...parts) as Inputs['createTask'];
}
