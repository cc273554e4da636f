import { useMemo, useRef } from 'react';
import { t } from '../../../languages/languages';
import { DraggableRow } from '../../dragging/DraggableRow';
import { useDropTarget } from '../../dragging/useDropTarget';
import { TaskList } from '../../list/TaskList';
import { useBoard } from '../../store/context';
import { undated } from './dueTasks';
import { useMoveToDay } from './useMoveToDay';

/** Open tasks without a due date: they can be dragged to a day, and what is dropped here loses its day. */
export function Undated() {
  const ref = useRef<HTMLElement>(null);
  const { tasks } = useBoard();
  const moveToDay = useMoveToDay();
  const shown = useMemo(() => undated(tasks), [tasks]);
  const edge = useDropTarget(ref, {
    accepts: 'task',
    onDrop: (id) => {
      moveToDay(id, null);
    },
  });
  return (
    <section className="undated" ref={ref} aria-labelledby="calendar-undated" data-edge={edge ?? undefined}>
      <h2 id="calendar-undated">{t('calendar.undated')}</h2>
      <TaskList
        label={t('calendar.undated')}
        groups={shown.length ? [{ key: '', tasks: shown }] : []}
        row={(task) => <DraggableRow task={task} />}
        empty={t('calendar.allDated')}
      />
    </section>
  );
}
