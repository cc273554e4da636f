import type { Task } from '@taskbell/sync-client';
import { memo } from 'react';
import { t } from '../../languages/languages';
import { routeHash, useRoute } from '../shell/route';
import { useBoard, useStore } from '../store/context';
import { TaskFacts } from './TaskFacts';

/** A task in a list: its checkbox, its title, which opens it, and what is to be known about it. */
export function TaskRow({ task }: { task: Task }) {
  const { changed, pending } = useBoard();
  const route = useRoute();
  return (
    <Row
      task={task}
      href={routeHash({ ...route, task: task.id })}
      open={route.task === task.id}
      changed={changed.has(task.id)}
      waiting={pending.some(({ id }) => id === task.id)}
    />
  );
}

interface RowProps {
  readonly task: Task;
  readonly href: string;
  readonly open: boolean;
  readonly changed: boolean;
  readonly waiting: boolean;
}

const Row = memo(function Row({ task, href, open, changed, waiting }: RowProps) {
  const store = useStore();
  const completed = task.status === 'COMPLETED';
  const toggle = (): void => {
    const status = completed ? 'PENDING' : 'COMPLETED';
    const text = completed ? 'done.reopened' : 'done.completed';
    store.edit([{ name: 'setTaskStatus', input: { id: task.id, status } }], text, { title: task.title });
  };
  return (
    <div
      className="task-row"
      data-changed={changed || undefined}
      data-completed={completed || undefined}
      data-priority={task.priority}
      aria-current={open || undefined}
    >
      <input
        type="checkbox"
        checked={completed}
        onChange={toggle}
        aria-label={t('task.complete', { title: task.title })}
      />
      <a className="title" href={href} dir="auto">
        {task.title}
      </a>
      <TaskFacts task={task} />
      {waiting && <span className="waiting">{t('task.waiting')}</span>}
    </div>
  );
});
