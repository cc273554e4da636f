import type { Task } from '@taskbell/sync-client';
import { useState } from 'react';
import { Dialog } from '../../../interface/Dialog';
import { t } from '../../../languages/languages';
import { useBoard } from '../../store/context';
import { matching } from '../../tasks/selections';

const SHOWN = 8;

/** Finds the task to move another one below: top-level tasks, by the words of their titles. */
export default function ParentPicker({
  task,
  onChoose,
  onClose,
}: {
  task: Task;
  onChoose: (id: string) => void;
  onClose: () => void;
}) {
  const { tasks } = useBoard();
  const [text, setText] = useState('');
  const found = matching(tasks, text)
    .filter(({ id, parentId, status }) => !parentId && id !== task.id && status !== 'COMPLETED')
    .filter(({ id }) => id !== task.parentId);
  return (
    <Dialog title={t('panel.moveUnder')} onClose={onClose}>
      <input
        className="input"
        type="search"
        aria-label={t('search.text')}
        placeholder={t('search.text')}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <ul className="picks" aria-label={t('panel.moveUnder')}>
        {found.slice(0, SHOWN).map(({ id, title }) => (
          <li key={id}>
            <button className="button plain" dir="auto" onClick={() => onChoose(id)}>
              {title}
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="note">{t('list.empty')}</p>}
      <button className="button" onClick={onClose}>
        {t('panel.cancel')}
      </button>
    </Dialog>
  );
}
