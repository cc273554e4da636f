import type { TaskList } from '@taskbell/sync-client';
import { useState } from 'react';
import { t } from '../../../languages/languages';
import { PopupButton } from '../../list/PopupButton';
import type { Move } from '../../list/TaskMenu';
import { useStore } from '../../store/context';
import { DeleteListDialog } from './DeleteListDialog';
import { ListForm } from './ListForm';
import { useListChanges } from './useListChanges';

/** What can be done with a list: name and colour, its place, putting it away, deleting it. */
export function ListMenu({ list, moves = [] }: { list: TaskList; moves?: readonly Move[] }) {
  const store = useStore();
  const { update } = useListChanges();
  const [dialog, setDialog] = useState<'change' | 'delete' | null>(null);
  const close = (): void => {
    setDialog(null);
  };
  const label = t('lists.menu', { name: list.name });
  const archive = async (): Promise<void> => {
    const archived = !list.archivedAt;
    const text = archived ? 'lists.wasArchived' : 'lists.wasRestored';
    const problem = await update({ id: list.id, archived }, text, list.name);
    if (problem) store.say('lists.failed', { reason: problem });
  };
  const items: Move[] = [
    {
      text: t('lists.change'),
      run: () => {
        setDialog('change');
      },
    },
    ...moves,
    { text: t(list.archivedAt ? 'lists.unarchive' : 'lists.archive'), run: () => void archive() },
    {
      text: t('lists.delete'),
      run: () => {
        setDialog('delete');
      },
    },
  ];
  return (
    <>
      <PopupButton className="menu-button" label={label} text={<span aria-hidden>⋯</span>}>
        {(closePopup) => (
          <div className="choices">
            {items.map(({ text, run }) => (
              <button
                key={text}
                className="button plain"
                onClick={() => {
                  closePopup();
                  run();
                }}
              >
                {text}
              </button>
            ))}
          </div>
        )}
      </PopupButton>
      {dialog === 'change' && (
        <ListForm
          title={t('lists.change')}
          list={list}
          onSave={(input) =>
            update({ ...input, id: list.id, expectedVersion: list.version }, 'lists.changed', input.name)
          }
          onClose={close}
        />
      )}
      {dialog === 'delete' && <DeleteListDialog list={list} onClose={close} />}
    </>
  );
}
