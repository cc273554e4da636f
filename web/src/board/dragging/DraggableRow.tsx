import type { Task } from '@taskbell/sync-client';
import { useRef } from 'react';
import { TaskRow } from '../list/TaskRow';
import './dragging.css';
import { useDraggable } from './useDraggable';

/** A row that can be dragged to a day or a list. */
export function DraggableRow({ task }: { task: Task }) {
  const ref = useRef<HTMLDivElement>(null);
  const dragged = useDraggable(ref, 'task', task.id);
  return (
    <div ref={ref} data-dragged={dragged || undefined}>
      <TaskRow task={task} />
    </div>
  );
}
