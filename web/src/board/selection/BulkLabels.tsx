import { useId } from 'react';
import { t } from '../../languages/languages';
import { PopupButton } from '../list/PopupButton';
import { useBoard } from '../store/context';
import { addLabel, hasLabel, removeLabel } from '../tasks/changes';
import { labelsOf } from '../tasks/selections';
import type { BulkProps } from './bulkProps';

const MAX_LENGTH = 50;

/** Adds a label to the selected tasks, or removes one that any of them has. */
export function BulkLabels({ tasks, change }: BulkProps) {
  const { tasks: all } = useBoard();
  const id = useId();
  const used = [...new Set(tasks.flatMap(({ labels }) => labels))];
  return (
    <PopupButton
      className="button small"
      label={t('select.labels')}
      text={t('select.labels')}
      disabled={!tasks.length}
    >
      {(close) => (
        <>
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              const text = new FormData(event.currentTarget).get('label');
              const label = typeof text === 'string' ? text.trim().replace(/^#/, '') : '';
              if (!label) return;
              close();
              const others = tasks.filter((task) => !hasLabel(task, label));
              change(others, (task) => addLabel(task, label), 'select.labelled');
            }}
          >
            <label htmlFor={id}>{t('select.addLabel')}</label>
            <div className="row">
              <input
                id={id}
                name="label"
                className="input label-input"
                list={`${id}-known`}
                maxLength={MAX_LENGTH}
                autoComplete="off"
                required
              />
              <datalist id={`${id}-known`}>
                {labelsOf(all).map((label) => (
                  <option key={label} value={label} />
                ))}
              </datalist>
              <button className="button">{t('add.add')}</button>
            </div>
          </form>
          {used.length > 0 && (
            <div className="choices" role="group" aria-label={t('select.removeLabel')}>
              <span>{t('select.removeLabel')}</span>
              {used.map((label) => (
                <button
                  key={label}
                  className="button"
                  dir="auto"
                  onClick={() => {
                    close();
                    const having = tasks.filter((task) => hasLabel(task, label));
                    change(having, (task) => removeLabel(task, label), 'select.unlabelled');
                  }}
                >
                  #{label}
                </button>
              ))}
            </div>
          )}
        </>
      )}
    </PopupButton>
  );
}
