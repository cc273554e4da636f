import type { Task } from '@taskbell/sync-client';
import { generateKeyBetween } from 'fractional-indexing';

/** The rank that puts a task one place up (-1) or down (1) among its siblings; null at the end, or between equal ranks. */
export function rankBeside(siblings: readonly Task[], id: string, step: -1 | 1): string | null {
  const others = siblings.filter((task) => task.id !== id);
  const place = siblings.findIndex((task) => task.id === id) + step;
  if (place < 0 || place > others.length) return null;
  const [before, after] = [others[place - 1]?.rank ?? null, others[place]?.rank ?? null];
  try {
    return generateKeyBetween(before, after);
  } catch {
    return null; // until the pipeline has spread equal ranks, or a new task has its own
  }
}
