import type { Task } from '@taskbell/sync-client';
import { useState, type Ref } from 'react';
import { locale, t } from '../../../languages/languages';
import { TaskList } from '../../list/TaskList';
import type { Direction } from '../../list/useRowKeys';
import { useStore } from '../../store/context';
import { addDays, browserZone, dateOf, formatDay } from '../../tasks/dates';
import { DraggableRow } from '../../dragging/DraggableRow';
import { useMoveToDay } from './useMoveToDay';

const DAYS: Readonly<Record<Direction, number>> = { left: -1, right: 1, up: -7, down: 7 };

interface Props {
  readonly ref: Ref<HTMLElement>;
  readonly day: string;
  readonly tasks: readonly Task[];
  readonly onChoose: (day: string) => void;
}

/** All tasks of a day, and a line to add one on it. Alt with an arrow key moves a task to another day. */
export function DayTasks({ ref, day, tasks, onChoose }: Props) {
  const store = useStore();
  const moveToDay = useMoveToDay();
  const [title, setTitle] = useState('');
  const name = dateOf(day).toLocaleDateString(locale(), { weekday: 'long', day: 'numeric', month: 'long' });
  const adding = t('calendar.add', { day: formatDay(day) });
  return (
    <section className="day-list" ref={ref} aria-labelledby="calendar-day">
      <h2 id="calendar-day">{name}</h2>
      <form
        className="row add-row"
        onSubmit={(event) => {
          event.preventDefault();
          if (!title.trim()) return;
          const input = { title: title.trim(), dueAt: day, timeZone: browserZone() };
          store.edit([{ name: 'createTask', input }], 'done.created', { title: input.title });
          setTitle('');
        }}
      >
        <input
          className="input"
          aria-label={adding}
          placeholder={adding}
          value={title}
          onChange={({ target }) => {
            setTitle(target.value);
          }}
        />
        <button className="button">{t('add.add')}</button>
      </form>
      <TaskList
        label={name}
        groups={tasks.length ? [{ key: '', tasks }] : []}
        row={(task) => <DraggableRow task={task} />}
        empty={t('calendar.nothing')}
        onMove={(task, direction) => {
          const other = addDays(day, DAYS[direction]);
          moveToDay(task.id, other);
          onChoose(day);
        }}
      />
    </section>
  );
}
