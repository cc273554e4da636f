import type { Task } from '@taskbell/sync-client';
import { useState, type SubmitEvent } from 'react';
import { t } from '../../../languages/languages';
import { useBoard, useStore } from '../../store/context';
import { subtasksOf } from '../../tasks/selections';
import { SubtaskRow } from './SubtaskRow';

/** The steps of a task: add, complete, open, put in order. */
export function Subtasks({ task }: { task: Task }) {
  const store = useStore();
  const { tasks } = useBoard();
  const [text, setText] = useState('');
  const subtasks = subtasksOf(tasks, task.id);
  const completed = subtasks.filter(({ status }) => status === 'COMPLETED').length;
  const add = (event: SubmitEvent): void => {
    event.preventDefault();
    const title = text.trim();
    if (!title) return;
    store.edit([{ name: 'createTask', input: { title, parentId: task.id } }], 'done.created', { title });
    setText('');
  };
  return (
    <section className="stack tight" aria-label={t('panel.subtasks')}>
      <h3>
        {t('panel.subtasks')}{' '}
        {subtasks.length > 0 && (
          <span className="note">{t('task.progress', { completed, total: subtasks.length })}</span>
        )}
      </h3>
      {subtasks.length > 0 && (
        <>
          <progress max={subtasks.length} value={completed} aria-label={t('panel.subtasks')} />
          <ul className="subtasks">
            {subtasks.map((subtask) => (
              <SubtaskRow key={subtask.id} task={subtask} siblings={subtasks} />
            ))}
          </ul>
        </>
      )}
      <form className="row nowrap" onSubmit={add}>
        <input
          className="input"
          dir="auto"
          aria-label={t('panel.addSubtask')}
          placeholder={t('panel.addSubtask')}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <button className="button">{t('panel.add')}</button>
      </form>
    </section>
  );
}
