import type { Task } from '@taskbell/sync-client';
import { useId } from 'react';
import { t } from '../../../languages/languages';
import { useField } from '../useField';
import { FieldProblem } from './FieldProblem';

const PRIORITIES = ['LOW', 'NORMAL', 'HIGH', 'URGENT'] as const;

export function PriorityField({ task }: { task: Task }) {
  const id = useId();
  const field = useField({
    task,
    names: ['priority'],
    stored: task.priority,
    toInput: (priority) => ({ priority }),
    fromInput: ({ priority }) => priority ?? 'NORMAL',
  });
  return (
    <div className="panel-field">
      <label htmlFor={id}>{t('field.priority')}</label>
      <select
        id={id}
        className="input"
        value={field.value}
        {...field.described}
        onChange={({ target }) => field.set(target.value as Task['priority'])}
      >
        {PRIORITIES.map((priority) => (
          <option key={priority} value={priority}>
            {t(`priority.${priority}`)}
          </option>
        ))}
      </select>
      <FieldProblem field={field} />
    </div>
  );
}
