import { useId } from 'react';
import { t } from '../../languages/languages';
import { PopupButton } from '../list/PopupButton';
import { setDay } from '../tasks/changes';
import { addDays, today } from '../tasks/dates';
import type { BulkProps } from './bulkProps';

/** Gives the selected tasks the same due day, each at the time it has. */
export function BulkDay({ tasks, change }: BulkProps) {
  const id = useId();
  const now = today();
  const apply = (day: string | null): void => {
    const free = day ? tasks : tasks.filter(({ recurrence }) => !recurrence); // what repeats is due some day
    change(free, (task) => setDay(task, day), day ? 'select.due' : 'select.notDue');
  };
  const days = [
    { text: t('list.today'), day: now },
    { text: t('list.tomorrow'), day: addDays(now, 1) },
    { text: t('menu.nextWeek'), day: addDays(now, 7) },
    { text: t('menu.noDay'), day: null },
  ];
  return (
    <PopupButton className="button small" label={t('menu.day')} text={t('menu.day')} disabled={!tasks.length}>
      {(close) => (
        <>
          <div className="choices">
            {days.map(({ text, day }) => (
              <button
                key={text}
                className="button"
                onClick={() => {
                  close();
                  apply(day);
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
              close();
              if (typeof day === 'string' && day) apply(day);
            }}
          >
            <label htmlFor={id}>{t('menu.otherDay')}</label>
            <input id={id} name="day" className="input day-input" type="date" defaultValue={now} required />
            <button className="button">{t('menu.move')}</button>
          </form>
        </>
      )}
    </PopupButton>
  );
}
