import type { TaskList } from '@taskbell/sync-client';
import { t } from '../../../languages/languages';
import { useStore } from '../../store/context';
import { setStatus } from '../../tasks/changes';
import { placeEdits } from '../../tasks/ranks';
import type { Group } from '../../tasks/selections';
import { COMPLETED, sectionIdOf } from './groups';

/** Brings a task to a place in a section of the list: `index` counts the section's other tasks. */
export type PlaceTask = (id: string, key: string, index: number) => void;

export function usePlaceTask(list: TaskList, groups: readonly Group[]): PlaceTask {
  const store = useStore();
  return (id, key, index) => {
    const task = store.getState().tasks.get(id);
    const group = groups.find((other) => other.key === key);
    if (!task || !group) return;
    const { title } = task;
    if (key === COMPLETED) {
      if (task.status !== 'COMPLETED')
        store.edit([setStatus(task, 'COMPLETED')], 'done.completed', { title });
      return;
    }
    const others = group.tasks.filter((other) => other.id !== id);
    const place = Math.min(index, others.length);
    if (group.tasks[place]?.id === id) return;
    const sectionId = sectionIdOf(key);
    const change = { listId: list.id, sectionId };
    const isThere = task.listId === list.id && task.sectionId === sectionId;
    const name = list.sections.find((section) => section.id === key)?.name ?? list.name;
    const reopened = task.status === 'COMPLETED' ? [setStatus(task, 'PENDING')] : [];
    const edits = placeEdits(id, others, place, isThere ? {} : change);
    store.edit([...edits, ...reopened], 'lists.placed', { title, section: name, place: place + 1 });
  };
}

/** The name of a group of a list's tasks. */
export const groupName = (list: TaskList, key: string): string =>
  list.sections.find(({ id }) => id === key)?.name ?? t('lists.noSection');
