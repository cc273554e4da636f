import type { TaskList } from '@taskbell/sync-client';
import { t } from '../../../languages/languages';
import type { Edge } from '../../dragging/useDropTarget';
import type { Move } from '../../list/TaskMenu';
import { useStore } from '../../store/context';
import { ranksAt } from '../../tasks/ranks';
import { useListChanges } from './useListChanges';

interface ListOrder {
  readonly moves: (index: number) => Move[];
  readonly drop: (id: string, index: number, edge: Edge) => void;
}

/** Other places for lists: one request for each list that gets another rank. */
export function useListOrder(lists: readonly TaskList[]): ListOrder {
  const { update } = useListChanges();
  const store = useStore();
  const place = async (list: TaskList, index: number): Promise<void> => {
    const others = lists.filter(({ id }) => id !== list.id);
    for (const [id, rank] of ranksAt(list.id, others, index)) {
      const problem = await update({ id, rank }, 'lists.moved', list.name);
      if (problem) store.say('lists.failed', { reason: problem });
    }
  };
  const to = (index: number, place_: number) => () => void place(lists[index]!, place_);
  return {
    moves: (index) => [
      ...(index > 0 ? [{ text: t('menu.up'), run: to(index, index - 1) }] : []),
      ...(index < lists.length - 1 ? [{ text: t('menu.down'), run: to(index, index + 1) }] : []),
    ],
    drop: (id, index, edge) => {
      const from = lists.findIndex((list) => list.id === id);
      const target = index + Number(edge === 'behind');
      const wanted = from >= 0 && from < target ? target - 1 : target;
      if (from >= 0 && from !== wanted) void place(lists[from]!, wanted);
    },
  };
}
