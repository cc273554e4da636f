import { t } from '../../languages/languages';
import { PopupButton } from '../list/PopupButton';
import { useBoard } from '../store/context';
import { moveToList } from '../tasks/changes';
import { activeLists } from '../tasks/lists';
import type { BulkProps } from './bulkProps';

/** Moves the selected tasks to a list; subtasks stay with their tasks. */
export function BulkList({ tasks, change }: BulkProps) {
  const { lists } = useBoard();
  const places = [{ id: null, name: t('menu.noList'), color: null }, ...activeLists(lists)];
  return (
    <PopupButton
      className="button small"
      label={t('menu.list')}
      text={t('menu.list')}
      disabled={!tasks.length}
    >
      {(close) => (
        <div className="choices">
          {places.map(({ id, name, color }) => (
            <button
              key={id}
              className="button"
              dir="auto"
              onClick={() => {
                close();
                const moved = tasks.filter(({ parentId, listId }) => !parentId && listId !== id);
                change(moved, (task) => moveToList(task, id), 'select.moved');
              }}
            >
              <span className="dot" style={{ background: color ?? 'var(--quiet)' }} />
              {name}
            </button>
          ))}
        </div>
      )}
    </PopupButton>
  );
}
