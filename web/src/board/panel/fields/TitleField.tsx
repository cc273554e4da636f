import type { Task } from '@taskbell/sync-client';
import { t } from '../../../languages/languages';
import { useField } from '../useField';
import { FieldProblem } from './FieldProblem';

/** The title; Enter sends it. */
export function TitleField({ task }: { task: Task }) {
  const field = useField({
    task,
    names: ['title'],
    stored: task.title,
    toInput: (title) => ({ title }),
    fromInput: ({ title }) => title ?? '',
  });
  return (
    <div className="title-field">
      <textarea
        className="input"
        rows={1}
        dir="auto"
        aria-label={t('field.title')}
        value={field.value}
        {...field.described}
        onChange={({ target }) => field.change(target.value.replaceAll('\n', ' '))}
        onBlur={field.finish}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
          event.preventDefault();
          field.finish();
        }}
      />
      <FieldProblem field={field} />
    </div>
  );
}
