import type { Task } from '@taskbell/sync-client';
import { useId } from 'react';
import { t } from '../../../languages/languages';
import { useField } from '../useField';
import { FieldProblem } from './FieldProblem';

/** The description; leaving it, or Control and Enter, sends it. */
export function DescriptionField({ task }: { task: Task }) {
  const id = useId();
  const field = useField({
    task,
    names: ['description'],
    stored: task.description ?? '',
    toInput: (description) => ({ description: description || null }),
    fromInput: ({ description }) => description ?? '',
  });
  return (
    <div className="field">
      <label htmlFor={id}>{t('field.description')}</label>
      <textarea
        id={id}
        className="input description"
        rows={3}
        dir="auto"
        placeholder={t('panel.noDescription')}
        value={field.value}
        {...field.described}
        onChange={({ target }) => field.change(target.value)}
        onBlur={field.finish}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) field.finish();
        }}
      />
      <FieldProblem field={field} />
    </div>
  );
}
