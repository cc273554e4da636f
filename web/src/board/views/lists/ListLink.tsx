import type { TaskList } from '@taskbell/sync-client';
import { useRef } from 'react';
import '../../dragging/dragging.css';
import { useDropTarget } from '../../dragging/useDropTarget';
import { routeHash, useRoute } from '../../shell/route';
import { useStore } from '../../store/context';
import { moveToList } from '../../tasks/changes';

/** A list in the navigation; a task that is dropped on it moves there. */
export function ListLink({ list, open }: { list: TaskList; open: number }) {
  const ref = useRef<HTMLLIElement>(null);
  const store = useStore();
  const route = useRoute();
  const edge = useDropTarget(ref, {
    accepts: 'task',
    onDrop: (id) => {
      const task = store.getState().tasks.get(id);
      if (!task || task.parentId || task.listId === list.id) return;
      store.edit([moveToList(task, list.id)], 'done.movedToList', { title: task.title, list: list.name });
    },
  });
  const isCurrent = route.view === 'lists' && route.list === list.id;
  return (
    <li ref={ref} data-edge={edge ?? undefined}>
      <a href={routeHash({ view: 'lists', list: list.id })} aria-current={isCurrent ? 'page' : undefined}>
        <span className="dot" style={{ background: list.color ?? 'var(--quiet)' }} />
        <span className="list-name" dir="auto">
          {list.name}
        </span>
        {open > 0 && <span className="open-count">{open}</span>}
      </a>
    </li>
  );
}
