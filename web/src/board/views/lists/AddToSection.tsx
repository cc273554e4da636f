import type { TaskList } from '@taskbell/sync-client';
import { useState } from 'react';
import { t } from '../../../languages/languages';
import { useStore } from '../../store/context';
import { sectionIdOf } from './groups';

interface Props {
  readonly list: TaskList;
  readonly groupKey: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** A line that adds tasks to a section, one after the other; Escape ends it. */
export function AddToSection({ list, groupKey, name, onClose }: Props) {
  const store = useStore();
  const [title, setTitle] = useState('');
  return (
    <form
      className="row add-row"
      onSubmit={(event) => {
        event.preventDefault();
        if (!title.trim()) return;
        const sectionId = sectionIdOf(groupKey);
        const input = { title: title.trim(), listId: list.id, ...(sectionId && { sectionId }) };
        store.edit([{ name: 'createTask', input }], 'done.created', { title: input.title });
        setTitle('');
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <input
        autoFocus
        className="input"
        dir="auto"
        aria-label={t('lists.addIn', { section: name })}
        placeholder={t('lists.addIn', { section: name })}
        value={title}
        onChange={({ target }) => {
          setTitle(target.value);
        }}
      />
      <button className="button">{t('add.add')}</button>
    </form>
  );
}
