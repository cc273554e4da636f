import { useState } from 'react';
import { Dialog } from '../../../interface/Dialog';
import { t } from '../../../languages/languages';
import { useStore } from '../../store/context';
import './Conflict.css';
import { ConflictVersions } from './ConflictVersions';
import { resolution, type Choice, type Conflict } from './conflicts';

interface Props {
  readonly conflict: Conflict;
  readonly onLater: () => void;
}

/** Both versions of what differs side by side, and a choice: all of one, or field by field. */
export default function ConflictDialog({ conflict, onLater }: Props) {
  const store = useStore();
  const { task, refusals, fields } = conflict;
  const [choices, setChoices] = useState<Readonly<Record<string, Choice>>>({});
  const choiceOf = (field: string): Choice => choices[field] ?? 'mine';
  const settle = (chosen: (field: string) => Choice): void => {
    refusals.forEach((refusal) => store.settleRefusal(refusal));
    const edits = resolution(conflict, chosen);
    if (edits.length) store.edit(edits, 'done.updated', { title: task.title });
  };
  return (
    <Dialog title={t('conflict.title')} onClose={onLater}>
      <strong className="conflict-task" dir="auto">
        {task.title}
      </strong>
      <p className="conflict-task">{t('conflict.words')}</p>
      {fields.map((field) => (
        <ConflictVersions
          key={field.field}
          field={field}
          choice={fields.length > 1 ? choiceOf(field.field) : null}
          onChoose={(choice) => setChoices({ ...choices, [field.field]: choice })}
        />
      ))}
      <div className="row">
        {fields.length > 1 && (
          <button className="button" onClick={() => settle(choiceOf)}>
            {t('conflict.chosen')}
          </button>
        )}
        <button className="button primary" onClick={() => settle(() => 'mine')}>
          {t('conflict.useMine')}
        </button>
        <button className="button" onClick={() => settle(() => 'theirs')}>
          {t('conflict.keepTheirs')}
        </button>
      </div>
    </Dialog>
  );
}
