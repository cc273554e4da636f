import { expect, test } from 'vitest';
import { placeEdits, ranksAt } from '../src/board/tasks/ranks';

const ranked = (...ranks: string[]): { id: string; rank: string }[] =>
  ranks.map((rank, index) => ({ id: `t${index}`, rank }));

test('a task between two gets a rank between theirs, and nothing else is written', () => {
  const [[id, rank], ...others] = ranksAt('moved', ranked('a0', 'a1'), 1) as [[string, string]];
  expect([id, others]).toEqual(['moved', []]);
  expect(['a0', rank, 'a1'].toSorted()).toEqual(['a0', rank, 'a1']);
});

test('a task goes to either end, and into an empty column', () => {
  const rankAt = (index: number, ...ranks: string[]): string =>
    ranksAt('moved', ranked(...ranks), index)[0]![1];
  expect(rankAt(0, 'a1', 'a2') < 'a1').toBe(true);
  expect(rankAt(2, 'a1', 'a2') > 'a2').toBe(true);
  expect(rankAt(0)).toBe('a0');
});

test('neighbours that share a rank get others, in their order', () => {
  const others = ranked('a0', 'a1', 'a1', 'a1', 'a2');
  const ranks = new Map(ranksAt('moved', others, 2));
  const after = [...others.map(({ id, rank }) => [ranks.get(id) ?? rank, id]), [ranks.get('moved'), 'moved']];
  expect(after.toSorted().map(([, id]) => id)).toEqual(['t0', 't1', 'moved', 't2', 't3', 't4']);
  expect(new Set(after.map(([rank]) => rank)).size).toBe(6);
});

test('a task that was not sent yet has no rank to go by', () => {
  expect(ranksAt('moved', ranked('a0', '~'), 1)).toEqual([['moved', 'a1']]);
  expect(ranksAt('moved', ranked('a0', '~'), 2)).toEqual([['moved', 'a1']]);
});

test('what else changes goes with the rank of the task itself', () => {
  expect(placeEdits('moved', [], 0, { sectionId: 's1' })).toEqual([
    { name: 'updateTask', input: { id: 'moved', rank: 'a0', sectionId: 's1' } },
  ]);
});
