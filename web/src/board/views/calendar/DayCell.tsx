import type { Task } from '@taskbell/sync-client';
import { useRef } from 'react';
import { locale, t } from '../../../languages/languages';
import '../../dragging/dragging.css';
import { useDropTarget } from '../../dragging/useDropTarget';
import { dateOf, today } from '../../tasks/dates';
import { DayTask } from './DayTask';
import { useMoveToDay } from './useMoveToDay';

const SHOWN = 3;

interface Props {
  readonly day: string;
  readonly tasks: readonly Task[];
  /** Whether it belongs to the month before or after. */
  readonly isOutside: boolean;
  readonly isChosen: boolean;
  readonly onChoose: (day: string) => void;
}

/** A day with its first tasks, or, where there is no room, a dot for each. Tasks can be dropped on it. */
export function DayCell({ day, tasks, isOutside, isChosen, onChoose }: Props) {
  const ref = useRef<HTMLTableCellElement>(null);
  const moveToDay = useMoveToDay();
  const edge = useDropTarget(ref, {
    accepts: 'task',
    onDrop: (id) => {
      moveToDay(id, day);
    },
  });
  const isToday = day === today();
  const date = dateOf(day);
  const shown = tasks.slice(0, tasks.length > SHOWN ? SHOWN - 1 : SHOWN);
  const name = date.toLocaleDateString(locale(), { weekday: 'long', day: 'numeric', month: 'long' });
  return (
    <td
      ref={ref}
      role="gridcell"
      className="day"
      data-day={day}
      data-outside={isOutside || undefined}
      data-edge={edge ?? undefined}
      tabIndex={isChosen ? 0 : -1}
      aria-selected={isChosen}
      aria-current={isToday ? 'date' : undefined}
      aria-label={t('calendar.day', { day: name, count: tasks.length })}
      onClick={() => {
        onChoose(day);
      }}
    >
      <span className="date">{date.getDate()}</span>
      <div className="day-tasks">
        {shown.map((task) => (
          <DayTask key={task.id} task={task} />
        ))}
        {tasks.length > shown.length && (
          <span className="more">{t('calendar.more', { count: tasks.length - shown.length })}</span>
        )}
      </div>
      <div className="dots" aria-hidden>
        {tasks.slice(0, SHOWN).map(({ id, status }) => (
          <span key={id} className="dot" data-completed={status === 'COMPLETED' || undefined} />
        ))}
      </div>
    </td>
  );
}
