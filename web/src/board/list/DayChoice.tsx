import type { Task } from '@taskbell/sync-client';
import { useId } from 'react';
import { t } from '../../languages/languages';
import { useStore } from '../store/context';
import { setDay } from '../tasks/changes';
import { addDays, dueOf, formatDay, today } from '../tasks/dates';

/** Moves a task to another day, at the time it has. */
export function DayChoice({ task, onDone }: { task: Task; onDone: () => void }) {
  const store = useStore();
  const id = useId();
  const now = today();
  const current = dueOf(task)?.day ?? null;
  const choose = (day: string | null): void => {
    if (day === current) return;
    const text = day ? 'done.movedToDay' : 'done.withoutDay';
    store.edit([setDay(task, day)], text, { title: task.title, day: day ? formatDay(day) : '' });
  };
  const days = [
    { text: t('list.today'), day: now },
    { text: t('list.tomorrow'), day: addDays(now, 1) },
    { text: t('menu.nextWeek'), day: addDays(now, 7) },
    ...(current && !task.recurrence ? [{ text: t('menu.noDay'), day: null }] : []),
  ];
  return (
    <div className="stack" role="group" aria-label={t('menu.day')}>
      <div className="row">
        {days.map(({ text, day }) => (
          <button
            key={text}
            className="button"
            onClick={() => {
              onDone();
              choose(day);
            }}
          >
            {text}
          </button>
        ))}
      </div>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          const day = new FormData(event.currentTarget).get('day');
          if (typeof day !== 'string' || !day) return;
          onDone();
          choose(day);
        }}
      >
        <label htmlFor={id}>{t('menu.otherDay')}</label>
        <input
          id={id}
          name="day"
          className="input day-input"
          type="date"
          defaultValue={current ?? now}
          required
        />
        <button className="button">{t('menu.move')}</button>
      </form>
    </div>
  );
}
