import type { Task } from '@taskbell/sync-client';
import type { TextKey } from '../../languages/languages';
import type { Edit } from '../store/BoardStore';
import { useStore } from '../store/context';

export type BulkChange = (tasks: readonly Task[], edit: (task: Task) => Edit, text: TextKey) => void;

/** Changes several tasks in the same way, with one undo for all. */
export function useBulkChange(): BulkChange {
  const store = useStore();
  return (tasks, edit, text) => {
    const [first] = tasks;
    if (first) store.edit(tasks.map(edit), text, { count: tasks.length, title: first.title });
  };
}
