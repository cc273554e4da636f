import type { Task } from '@taskbell/sync-client';
import { useRef } from 'react';
import { t } from '../../../languages/languages';
import '../../dragging/dragging.css';
import { useDraggable } from '../../dragging/useDraggable';
import { useDropTarget } from '../../dragging/useDropTarget';
import { TaskRow } from '../../list/TaskRow';
import type { Group } from '../../tasks/selections';
import { COMPLETED } from './groups';
import type { PlaceTask } from './usePlaceTask';

interface Props {
  readonly task: Task;
  readonly groups: readonly Group[];
  readonly place: PlaceTask;
  readonly onStep: (by: 1 | -1) => void;
}

/** A row of a list: it can be dragged, and others be dropped before or behind it. */
export function SectionRow({ task, groups, place, onStep }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  const dragged = useDraggable(ref, 'task', task.id);
  const group = groups.find(({ tasks }) => tasks.some(({ id }) => id === task.id));
  const isOrdered = group?.key !== COMPLETED;
  const edge = useDropTarget(ref, {
    accepts: 'task',
    edges: isOrdered,
    onDrop: (id, at) => {
      if (!group || id === task.id) return;
      const indexOf = (wanted: string): number => group.tasks.findIndex((other) => other.id === wanted);
      const target = indexOf(task.id) + Number(at === 'behind');
      const from = indexOf(id);
      place(id, group.key, from >= 0 && from < target ? target - 1 : target);
    },
  });
  const moves = isOrdered
    ? ([-1, 1] as const).map((by) => ({
        text: t(by < 0 ? 'menu.up' : 'menu.down'),
        run: () => {
          onStep(by);
        },
      }))
    : [];
  return (
    <div ref={ref} data-dragged={dragged || undefined} data-edge={dragged ? undefined : (edge ?? undefined)}>
      <TaskRow task={task} moves={moves} />
    </div>
  );
}
