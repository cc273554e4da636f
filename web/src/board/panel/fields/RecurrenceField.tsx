import type { Recurrence, Task } from '@taskbell/sync-client';
import { useId } from 'react';
import { t } from '../../../languages/languages';
import { dueOf, today } from '../../tasks/dates';
import { PRESETS, presetOf, ruleOf, type Preset } from '../recurrence';
import { recurrenceWords } from '../recurrenceWords';
import { useField } from '../useField';
import { FieldProblem } from './FieldProblem';
import { RuleParts } from './RuleParts';

/** How the task repeats: a few presets, their parts, and any other rule as its text. */
export function RecurrenceField({ task }: { task: Task }) {
  const id = useId();
  const day = dueOf(task)?.day;
  const field = useField<Recurrence | null>({
    task,
    names: ['recurrence'],
    stored: task.recurrence && {
      rrule: task.recurrence.rrule,
      afterCompletion: task.recurrence.afterCompletion ?? false,
    },
    toInput: (recurrence) => ({ recurrence }),
    fromInput: ({ recurrence }) => recurrence ?? null,
  });
  const rule = field.value;
  const preset = presetOf(rule, day ?? today());
  const words = rule && recurrenceWords(rule);
  return (
    <div className="panel-field">
      <label htmlFor={id}>{t('field.recurrence')}</label>
      <div className="stack tight">
        <select
          id={id}
          className="input"
          value={preset}
          disabled={!day && !rule}
          {...field.described}
          onChange={({ target }) => field.set(ruleOf(target.value as Preset, day ?? today()))}
        >
          {PRESETS.map((name) => (
            <option key={name} value={name}>
              {presetName(name, day ?? today())}
            </option>
          ))}
        </select>
        {!day && !rule && <p className="note">{t('repeat.needsDue')}</p>}
        {rule && words !== presetName(preset, day ?? today()) && <p className="note">{words}</p>}
        {rule && <RuleParts preset={preset} rule={rule} onChange={field.set} />}
      </div>
      <FieldProblem field={field} />
    </div>
  );
}

function presetName(preset: Preset, day: string): string {
  if (preset === 'none' || preset === 'custom' || preset === 'completion') return t(`repeat.${preset}`);
  const rule = ruleOf(preset, day);
  return rule ? recurrenceWords(rule) : '';
}
