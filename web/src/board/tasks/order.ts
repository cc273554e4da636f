/** The orders that views show tasks in. */
import type { Task } from '@taskbell/sync-client';
import { dueOf } from './dates';

type Comparison = (one: Task, other: Task) => number;

const compareText = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/** The order that a person drags: ranks sort as texts, equal ones by the tasks' ids. */
export const byRank: Comparison = (one, other) =>
  compareText(one.rank, other.rank) || compareText(one.id, other.id);

/** What is due first comes first; without a due date, last. */
export const byDue: Comparison = (one, other) =>
  (dueOf(one)?.at ?? Infinity) - (dueOf(other)?.at ?? Infinity) || byRank(one, other);
