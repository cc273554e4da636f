import { t } from '../../../languages/languages';
import { useStore } from '../../store/context';
import type { Task } from '@taskbell/sync-client';
import { moveEdits, type Columns, type Status } from './columns';

/** Brings a task to a place of a column: `index` counts its other tasks. */
export type MoveCard = (id: string, status: Status, index: number, keepsFocus?: boolean) => void;

export function useMoveCard(columns: Columns, focus: (id: string) => void): MoveCard {
  const store = useStore();
  return (id, status, index, keepsFocus = false) => {
    const task: Task | undefined = store.getState().tasks.get(id);
    if (!task) return;
    const edits = moveEdits(task, status, columns[status], index);
    if (edits.length) {
      const place = status === 'COMPLETED' ? 1 : index + 1;
      store.edit(edits, 'kanban.moved', { title: task.title, column: t(`status.${status}`), place });
    }
    if (keepsFocus) focus(id);
  };
}
