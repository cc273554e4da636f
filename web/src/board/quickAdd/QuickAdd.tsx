import { useState, type SubmitEvent } from 'react';
import { t } from '../../languages/languages';
import { useStore } from '../store/context';
import './QuickAdd.css';

/** One line that makes a task. */
export function QuickAdd() {
  const store = useStore();
  const [text, setText] = useState('');
  const add = (event: SubmitEvent): void => {
    event.preventDefault();
    const title = text.trim();
    if (!title) return;
    store.edit([{ name: 'createTask', input: { title } }], 'done.created', { title });
    setText('');
  };
  return (
    <form className="quick-add" onSubmit={add}>
      <input
        className="input"
        aria-label={t('add.text')}
        placeholder={t('add.text')}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
        }}
      />
      <button className="button primary">{t('add.add')}</button>
    </form>
  );
}
