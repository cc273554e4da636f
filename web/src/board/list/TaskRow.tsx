import type { Task } from '@taskbell/sync-client';
import { use, type MouseEvent } from 'react';
import { t } from '../../languages/languages';
import { SelectionContext } from '../selection/useSelection';
import { routeHash, useRoute } from '../shell/route';
import { useBoard, useStore } from '../store/context';
import { setStatus } from '../tasks/changes';
import { TaskFacts } from './TaskFacts';
import { TaskMenu, type Move } from './TaskMenu';

/** A task in a list: its checkbox, its title, which opens it, what is to be known about it, and its menu. */
export function TaskRow({ task, moves }: { task: Task; moves?: readonly Move[] }) {
  const store = useStore();
  const { changed, pending } = useBoard();
  const route = useRoute();
  const selection = use(SelectionContext);
  const completed = task.status === 'COMPLETED';
  const selected = selection?.active ? selection.ids.has(task.id) : null;
  const toggle = (): void => {
    const edit = setStatus(task, completed ? 'PENDING' : 'COMPLETED');
    store.edit([edit], completed ? 'done.reopened' : 'done.completed', { title: task.title });
  };
  const selectByClick = (event: MouseEvent): void => {
    if (!selection || event.ctrlKey || event.metaKey) return; // the browser opens it in another tab
    if (event.shiftKey) selection.extend(task.id);
    else if (selection.active) selection.toggle(task.id);
    else return;
    event.preventDefault();
  };
  return (
    <div
      className="task-row"
      data-changed={changed.has(task.id) || undefined}
      data-completed={completed || undefined}
      data-selected={selected === true ? true : undefined}
      data-priority={task.priority}
      aria-current={route.task === task.id || undefined}
    >
      {selection?.active ? (
        <input
          type="checkbox"
          className="select"
          checked={selected ?? false}
          onChange={() => {
            selection.toggle(task.id);
          }}
          aria-label={t('select.task', { title: task.title })}
        />
      ) : (
        <input
          type="checkbox"
          checked={completed}
          onChange={toggle}
          aria-label={t('task.complete', { title: task.title })}
        />
      )}
      <div className="text">
        <a className="title" href={routeHash({ ...route, task: task.id })} dir="auto" onClick={selectByClick}>
          {task.title}
        </a>
        <TaskFacts task={task} />
        {pending.some(({ id }) => id === task.id) && <span className="waiting">{t('task.waiting')}</span>}
      </div>
      <TaskMenu task={task} {...(moves && { moves })} />
    </div>
  );
}
