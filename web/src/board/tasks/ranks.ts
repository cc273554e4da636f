/** Where a task goes in the order that a person drags. */
import type { Task } from '@taskbell/sync-client';
import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing';
import type { Edit } from '../store/BoardStore';

type Ranked = Pick<Task, 'id' | 'rank'>;
type Update = Extract<Edit, { name: 'updateTask' }>;

const UNSENT = '~'; // the rank of a task that the API has not seen yet: behind all others

/**
 * Ranks that put a task before the one at `index`: its own, and, where its neighbours share theirs, new ones for those.
 * @param others The tasks of the column in their order, without the one that moves.
 */
export function ranksAt(
  id: string,
  others: readonly Ranked[],
  index: number,
): readonly (readonly [string, string])[] {
  const lower = others.slice(0, index).findLast(({ rank }) => rank !== UNSENT)?.rank ?? null;
  const behind = others.slice(index).filter(({ rank }) => rank !== UNSENT);
  const equal = behind.filter(({ rank }) => rank === lower);
  const upper = behind[equal.length]?.rank ?? null;
  if (!equal.length) return [[id, generateKeyBetween(lower, upper)]];
  const ranks = generateNKeysBetween(lower, upper, equal.length + 1);
  return [id, ...equal.map((other) => other.id)].map((ranked, place) => [ranked, ranks[place]!] as const);
}

/** The edits that put a task there; the first one is the task's own and may change more of it. */
export function placeEdits(
  id: string,
  others: readonly Ranked[],
  index: number,
  change: Omit<Update['input'], 'id'> = {},
): Update[] {
  return ranksAt(id, others, index).map(([ranked, rank]) => ({
    name: 'updateTask',
    input: ranked === id ? { ...change, id, rank } : { id: ranked, rank },
  }));
}
