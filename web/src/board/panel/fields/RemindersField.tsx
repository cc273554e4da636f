import type { Task } from '@taskbell/sync-client';
import { t } from '../../../languages/languages';
import { formatMoment } from '../../tasks/dates';
import { reminderWords } from '../durations';
import { useField } from '../useField';
import { AddReminder } from './AddReminder';
import { Chips } from './Chips';
import { FieldProblem } from './FieldProblem';

/** Reminders: minutes before the due date, and at other times. */
export function RemindersField({ task }: { task: Task }) {
  const before = useField<readonly number[]>({
    task,
    names: ['remindBefore'],
    stored: task.remindBefore,
    toInput: (remindBefore) => ({ remindBefore }),
    fromInput: ({ remindBefore }) => remindBefore ?? [],
  });
  const at = useField<readonly string[]>({
    task,
    names: ['remindAt'],
    stored: task.remindAt,
    toInput: (remindAt) => ({ remindAt }),
    fromInput: ({ remindAt }) => remindAt ?? [],
  });
  const chips = [
    ...before.value.map((minutes) => ({ key: String(minutes), text: reminderWords(minutes) })),
    ...at.value.map((moment) => ({ key: moment, text: formatMoment(moment) })),
  ];
  const remove = (key: string): void => {
    if (at.value.includes(key)) at.set(at.value.filter((moment) => moment !== key));
    else before.set(before.value.filter((minutes) => String(minutes) !== key));
  };
  const addBefore = (minutes: number): void => {
    if (!before.value.includes(minutes)) before.set([...before.value, minutes]);
  };
  return (
    <div className="panel-field" role="group" aria-label={t('field.remindBefore')}>
      <span className="label">{t('field.remindBefore')}</span>
      <div className="stack tight">
        <Chips label={t('field.remindBefore')} chips={chips} onRemove={remove} />
        {before.value.length > 0 && !task.dueAt && <p className="note">{t('panel.remindNeedsDue')}</p>}
        <AddReminder onBefore={addBefore} onAt={(moment) => at.set([...at.value, moment])} />
      </div>
      <FieldProblem field={before} />
      <FieldProblem field={at} />
    </div>
  );
}
