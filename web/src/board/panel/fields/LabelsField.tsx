import type { Task } from '@taskbell/sync-client';
import { useId, useState } from 'react';
import { t } from '../../../languages/languages';
import { useBoard } from '../../store/context';
import { labelsOf } from '../../tasks/selections';
import { useField } from '../useField';
import { Chips } from './Chips';
import { FieldProblem } from './FieldProblem';

/** The labels; known ones are offered while one enters another. */
export function LabelsField({ task }: { task: Task }) {
  const id = useId();
  const { tasks } = useBoard();
  const [text, setText] = useState('');
  const field = useField<readonly string[]>({
    task,
    names: ['labels'],
    stored: task.labels,
    toInput: (labels) => ({ labels }),
    fromInput: ({ labels }) => labels ?? [],
  });
  const labels = field.value;
  const has = (label: string): boolean => labels.some((other) => other.toLowerCase() === label.toLowerCase());
  const add = (): void => {
    const label = text.trim().replace(/^#/, '');
    setText('');
    if (label && !has(label)) field.set([...labels, label]);
  };
  return (
    <div className="panel-field">
      <label htmlFor={id}>{t('field.labels')}</label>
      <div className="stack tight">
        <Chips
          label={t('field.labels')}
          chips={labels.map((label) => ({ key: label, text: label }))}
          onRemove={(label) => field.set(labels.filter((other) => other !== label))}
        />
        <input
          id={id}
          className="input"
          list={`${id}-known`}
          dir="auto"
          placeholder={t('panel.addLabel')}
          value={text}
          {...field.described}
          onChange={({ target }) => setText(target.value)}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.nativeEvent.isComposing) add();
          }}
        />
        <datalist id={`${id}-known`}>
          {labelsOf(tasks)
            .filter((label) => !has(label))
            .map((label) => (
              <option key={label} value={label} />
            ))}
        </datalist>
      </div>
      <FieldProblem field={field} />
    </div>
  );
}
