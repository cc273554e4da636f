import { useMemo, useRef, useState } from 'react';
import { locale, t } from '../../../languages/languages';
import { useBoard } from '../../store/context';
import { dateOf, today } from '../../tasks/dates';
import './Calendar.css';
import { DayTasks } from './DayTasks';
import { tasksByDay } from './dueTasks';
import { addMonths, monthOf } from './month';
import { MonthGrid } from './MonthGrid';
import { Undated } from './Undated';

/** A month with its tasks, the tasks of the chosen day, and those without a day. */
export default function CalendarView() {
  const { tasks } = useBoard();
  const [day, setDay] = useState(today);
  const dayTasks = useRef<HTMLElement>(null);
  const days = useMemo(() => tasksByDay(tasks), [tasks]);
  const title = dateOf(day).toLocaleDateString(locale(), { month: 'long', year: 'numeric' });
  const step = (months: number) => () => {
    setDay(addMonths(day, months));
  };
  return (
    <section className="view calendar">
      <div className="view-head">
        <h1>
          <span className="hidden-text">{t('view.calendar')}: </span>
          <span id="calendar-month" aria-live="polite">
            {title}
          </span>
        </h1>
        <div className="row">
          <button className="button" aria-label={t('calendar.previous')} onClick={step(-1)}>
            <span aria-hidden className="arrow">
              ‹
            </span>
          </button>
          <button
            className="button"
            onClick={() => {
              setDay(today());
            }}
          >
            {t('list.today')}
          </button>
          <button className="button" aria-label={t('calendar.next')} onClick={step(1)}>
            <span aria-hidden className="arrow">
              ›
            </span>
          </button>
        </div>
      </div>
      <div className="calendar-parts">
        <div className="month-frame">
          <MonthGrid
            month={monthOf(day)}
            chosen={day}
            days={days}
            onChoose={setDay}
            onOpen={() => {
              dayTasks.current?.querySelector<HTMLElement>('.title, input')?.focus();
            }}
          />
        </div>
        <div className="calendar-side">
          <DayTasks ref={dayTasks} key={day} day={day} tasks={days.get(day) ?? []} onChoose={setDay} />
          <Undated />
        </div>
      </div>
    </section>
  );
}
