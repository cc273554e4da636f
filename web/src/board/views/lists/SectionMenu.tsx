import type { TaskList } from '@taskbell/sync-client';
import { useState } from 'react';
import { t, type TextKey } from '../../../languages/languages';
import { PopupButton } from '../../list/PopupButton';
import { useStore } from '../../store/context';
import { NameDialog } from './NameDialog';
import { useListChanges, type Problem } from './useListChanges';

type Sections = TaskList['sections'];

/** What can be done with a section. Its tasks stay in the list when it is removed. */
export function SectionMenu({ list, id }: { list: TaskList; id: string }) {
  const store = useStore();
  const { update } = useListChanges();
  const [renaming, setRenaming] = useState(false);
  const index = list.sections.findIndex((section) => section.id === id);
  const section = list.sections[index];
  if (!section) return null;
  const { name } = section;
  const save = (sections: Sections, text: TextKey): Promise<Problem> =>
    update({ id: list.id, sections: [...sections], expectedVersion: list.version }, text, name);
  const apply = (sections: Sections, text: TextKey) => async (): Promise<void> => {
    const problem = await save(sections, text);
    if (problem) store.say('lists.failed', { reason: problem });
  };
  const others = list.sections.filter((other) => other.id !== id);
  const to = (place: number): Sections => others.toSpliced(place, 0, section);
  const items = [
    {
      text: t('lists.renameSection'),
      run: () => {
        setRenaming(true);
      },
    },
    ...(index > 0
      ? [{ text: t('menu.up'), run: () => void apply(to(index - 1), 'lists.sectionMoved')() }]
      : []),
    ...(index < others.length
      ? [{ text: t('menu.down'), run: () => void apply(to(index + 1), 'lists.sectionMoved')() }]
      : []),
    { text: t('lists.removeSection'), run: () => void apply(others, 'lists.sectionRemoved')() },
  ];
  return (
    <>
      <PopupButton
        className="menu-button section-menu"
        label={t('lists.sectionMenu', { name })}
        text={<span aria-hidden>⋯</span>}
      >
        {(close) => (
          <div className="choices">
            {items.map(({ text, run }) => (
              <button
                key={text}
                className="button plain"
                onClick={() => {
                  close();
                  run();
                }}
              >
                {text}
              </button>
            ))}
          </div>
        )}
      </PopupButton>
      {renaming && (
        <NameDialog
          title={t('lists.renameSection')}
          label={t('lists.sectionName')}
          name={name}
          onSave={(changed) =>
            save(
              list.sections.map((other) => (other.id === id ? { id, name: changed } : other)),
              'lists.sectionRenamed',
            )
          }
          onClose={() => {
            setRenaming(false);
          }}
        />
      )}
    </>
  );
}
