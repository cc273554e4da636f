import type { Task } from '@taskbell/sync-client';
import { useId, type FocusEvent } from 'react';
import { t } from '../../../languages/languages';
import { browserZone, dueOf, formatMoment, isOverdue } from '../../tasks/dates';
import { useNow } from '../../shell/useNow';
import { useSend } from '../edits';
import { useField } from '../useField';
import { clockAt, enteredDue, enteredInput, zoneOf } from '../zones';
import { FieldProblem } from './FieldProblem';

/** The due day, and perhaps a time, by the clock of the task's own time zone. */
export function DueField({ task }: { task: Task }) {
  const id = useId();
  const now = useNow();
  const send = useSend(task);
  const zone = zoneOf(task);
  const field = useField({
    task,
    names: ['dueAt', 'timeZone'],
    stored: enteredDue(task),
    toInput: (entered) => enteredInput(entered, zone),
    fromInput: ({ dueAt }) => enteredDue({ ...task, dueAt: dueAt ?? null, dueOn: null }),
  });
  const { day, time } = field.value;
  const due = dueOf(task);
  const finishOutside = ({ currentTarget, relatedTarget }: FocusEvent): void => {
    if (!currentTarget.contains(relatedTarget)) field.finish();
  };
  return (
    <div className="panel-field">
      <label htmlFor={id}>{t('field.dueAt')}</label>
      <div
        className="row due"
        onBlur={finishOutside}
        onKeyDown={({ key }) => {
          if (key === 'Enter') field.finish();
        }}
      >
        <input
          id={id}
          className="input"
          type="date"
          value={day}
          {...field.described}
          onChange={({ target }) => field.change({ day: target.value, time: target.value && time })}
        />
        <input
          className="input"
          type="time"
          aria-label={t('panel.dueTime')}
          value={time}
          disabled={!day}
          {...field.described}
          onChange={({ target }) => field.change({ day, time: target.value })}
        />
        {day && (
          <button className="button plain small" onClick={() => field.set({ day: '', time: '' })}>
            {t('panel.clear')}
          </button>
        )}
      </div>
      {isOverdue(task, now) && <p className="note overdue">{t('list.overdue')}</p>}
      {due && zone !== browserZone() && (
        <p className="note">
          {due.time
            ? t('panel.zoneTime', { zone, here: formatMoment(due.at), then: clockAt(due.at, zone).time })
            : t('panel.zone', { zone })}{' '}
          <button className="button plain small" onClick={() => send({ timeZone: browserZone() }, task)}>
            {t('panel.useMyZone', { zone: browserZone() })}
          </button>
        </p>
      )}
      <FieldProblem field={field} />
    </div>
  );
}
