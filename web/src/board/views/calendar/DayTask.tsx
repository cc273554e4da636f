import type { Task } from '@taskbell/sync-client';
import { useRef } from 'react';
import { useDraggable } from '../../dragging/useDraggable';
import { routeHash, useRoute } from '../../shell/route';
import { useNow } from '../../shell/useNow';
import { useBoard } from '../../store/context';
import { dueOf, formatTime, isOverdue } from '../../tasks/dates';

/** A task in the month: it opens with a click and can be dragged to another day. By keys, its row in the day's list does. */
export function DayTask({ task }: { task: Task }) {
  const ref = useRef<HTMLAnchorElement>(null);
  const route = useRoute();
  const now = useNow();
  const { changed, lists } = useBoard();
  const dragged = useDraggable(ref, 'task', task.id);
  const due = dueOf(task);
  const color = task.listId ? lists.get(task.listId)?.color : null;
  return (
    <a
      ref={ref}
      className="day-task"
      href={routeHash({ ...route, task: task.id })}
      tabIndex={-1}
      style={{ borderInlineStartColor: color ?? 'var(--accent)' }}
      data-dragged={dragged || undefined}
      data-changed={changed.has(task.id) || undefined}
      data-completed={task.status === 'COMPLETED' || undefined}
      data-overdue={isOverdue(task, now) || undefined}
    >
      {due?.time && <span className="time">{formatTime(due.at)} </span>}
      <bdi>{task.title}</bdi>
    </a>
  );
}
