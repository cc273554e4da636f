import type { Task } from '@taskbell/sync-client';
import { useRef } from 'react';
import { t } from '../../../languages/languages';
import '../../dragging/dragging.css';
import { useDraggable } from '../../dragging/useDraggable';
import { useDropTarget, type Edge } from '../../dragging/useDropTarget';
import { TaskFacts } from '../../list/TaskFacts';
import { TaskMenu, type Move } from '../../list/TaskMenu';
import { routeHash, useRoute } from '../../shell/route';
import { useBoard } from '../../store/context';
import type { MoveCard } from './useMoveCard';

interface Props {
  readonly task: Task;
  readonly index: number;
  readonly isLast: boolean;
  readonly move: MoveCard;
  /** Something was dropped before or behind this card. */
  readonly onDrop: (id: string, edge: Edge) => void;
}

/** A task on the board: it can be dragged, and others be dropped before or behind it. */
export function Card({ task, index, isLast, move, onDrop }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  const route = useRoute();
  const { changed, pending } = useBoard();
  const { id, status } = task;
  const isOrdered = status !== 'COMPLETED';
  const dragged = useDraggable(ref, 'task', id);
  const edge = useDropTarget(ref, {
    accepts: 'task',
    edges: isOrdered,
    onDrop,
  });
  const to = (place: number) => () => {
    move(id, status, place, true);
  };
  const moves: Move[] = isOrdered
    ? [
        ...(index > 0 ? [{ text: t('menu.up'), run: to(index - 1) }] : []),
        ...(isLast ? [] : [{ text: t('menu.down'), run: to(index + 1) }]),
        ...(index > 1 ? [{ text: t('menu.top'), run: to(0) }] : []),
      ]
    : [];
  return (
    <div
      ref={ref}
      className="card"
      data-task={id}
      data-dragged={dragged || undefined}
      data-edge={dragged ? undefined : (edge ?? undefined)}
      data-changed={changed.has(id) || undefined}
      data-completed={status === 'COMPLETED' || undefined}
      data-priority={task.priority}
      aria-current={route.task === id || undefined}
    >
      <div className="card-head">
        <a className="title" href={routeHash({ ...route, task: id })} dir="auto" draggable={false}>
          {task.title}
        </a>
        <TaskMenu task={task} moves={moves} />
      </div>
      <TaskFacts task={task} />
      {pending.some((mutation) => mutation.id === id) && <span className="waiting">{t('task.waiting')}</span>}
    </div>
  );
}
