import type { Task } from '@taskbell/sync-client';
import { useId } from 'react';
import { t } from '../../languages/languages';
import { useBoard, useStore } from '../store/context';
import { moveToList } from '../tasks/changes';
import { activeLists } from '../tasks/lists';

/** Moves a task to another list, or section of a list. */
export function ListChoice({ task, onDone }: { task: Task; onDone: () => void }) {
  const store = useStore();
  const id = useId();
  const { lists } = useBoard();
  const places = [
    { listId: null, sectionId: null, name: t('menu.noList') },
    ...activeLists(lists).flatMap((list) => [
      { listId: list.id, sectionId: null, name: list.name },
      ...list.sections.map(({ id: sectionId, name }) => ({
        listId: list.id,
        sectionId,
        name: `${list.name} › ${name}`,
      })),
    ]),
  ];
  const current = places.findIndex(
    ({ listId, sectionId }) => listId === task.listId && sectionId === task.sectionId,
  );
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        const { listId, sectionId, name } = places[Number(new FormData(event.currentTarget).get('list'))]!;
        onDone();
        if (listId === task.listId && sectionId === task.sectionId) return;
        store.edit([moveToList(task, listId, sectionId)], 'done.movedToList', {
          title: task.title,
          list: name,
        });
      }}
    >
      <label htmlFor={id}>{t('menu.list')}</label>
      <select id={id} name="list" className="input list-input" defaultValue={Math.max(current, 0)}>
        {places.map(({ name }, index) => (
          <option key={index} value={index}>
            {name}
          </option>
        ))}
      </select>
      <button className="button">{t('menu.move')}</button>
    </form>
  );
}
