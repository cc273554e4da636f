import type { KeyboardEvent } from 'react';
import { useBulkChange } from '../../selection/useBulkChange';
import { hasShortcuts } from '../../../interface/shortcuts';
import { remove } from '../../tasks/changes';
import { STATUSES } from '../../tasks/statuses';
import { columnBeside, type Columns } from './columns';
import type { MoveCard } from './useMoveCard';

/** What keys do at a card: arrows go to other cards, with Alt they take it along; 1 to 3 and Delete are as in lists. */
export function useCardKeys(
  columns: Columns,
  move: MoveCard,
  focus: (id: string) => void,
): (event: KeyboardEvent) => void {
  const change = useBulkChange();
  return (event) => {
    const target = event.target as Element;
    const id = target.closest<HTMLElement>('[data-task]')?.dataset.task;
    const status = STATUSES.find((name) => columns[name].some((task) => task.id === id));
    if (!id || !status || target.closest('[popover]') || event.ctrlKey || event.metaKey) return;
    const column = columns[status];
    const index = column.findIndex((task) => task.id === id);
    const isRightToLeft = getComputedStyle(target).direction === 'rtl';
    const across = ({ ArrowRight: isRightToLeft ? -1 : 1, ArrowLeft: isRightToLeft ? 1 : -1 } as const)[
      event.key
    ];
    const along = ({ ArrowDown: 1, ArrowUp: -1 } as const)[event.key];
    const chosen = hasShortcuts() ? STATUSES[Number(event.key) - 1] : undefined;
    const beside = across && columnBeside(status, across);
    if (along && event.altKey) {
      if (index + along >= 0) move(id, status, index + along, true);
    } else if (across && event.altKey) {
      if (beside) move(id, beside, Math.min(index, columns[beside].length), true);
    } else if (along ?? across) {
      const next = along
        ? column[index + along]
        : beside && columns[beside].at(Math.min(index, columns[beside].length - 1));
      if (next) focus(next.id);
    } else if (chosen) move(id, chosen, 0, true);
    else if (event.key === 'Delete') {
      const next = column[index + 1] ?? column[index - 1];
      change([column[index]!], remove, 'done.deleted');
      if (next) focus(next.id);
    } else return;
    event.preventDefault();
  };
}
