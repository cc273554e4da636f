import { useRef, useState } from 'react';
import { t } from '../../../languages/languages';
import { useBoard, useStore } from '../../store/context';
import { ConfirmPurge } from './ConfirmPurge';
import './Trash.css';
import { TrashRow } from './TrashRow';
import { TrashState } from './TrashState';
import { useTrash, type TrashedTask } from './useTrash';

/** The trash; of another owner's tasks there is none. */
export default function TrashView() {
  const { isReadOnly } = useStore();
  if (!isReadOnly) return <OwnTrash />;
  return (
    <section className="view">
      <h1>{t('view.trash')}</h1>
      <p className="empty">{t('trash.ownOnly')}</p>
    </section>
  );
}

/** What was deleted and can be restored, the last deleted first. */
function OwnTrash() {
  const store = useStore();
  const { pending } = useBoard();
  const trash = useTrash();
  const heading = useRef<HTMLHeadingElement>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [purging, setPurging] = useState<readonly TrashedTask[] | 'all' | null>(null);
  const restoring = new Set(pending.flatMap(({ name, id }) => (name === 'restoreTask' ? [id] : [])));
  const shown = (trash.tasks ?? []).filter(({ id }) => !restoring.has(id));
  const chosen = shown.filter(({ id }) => selected.has(id));

  /** The button that was pressed is gone with its row. */
  const keepFocus = (): void => {
    requestAnimationFrame(() => heading.current?.focus());
  };
  const restore = (tasks: readonly TrashedTask[]): void => {
    const [first] = tasks;
    if (!first) return;
    const edits = tasks.map(({ id }) => ({ name: 'restoreTask', input: { id } }) as const);
    store.edit(edits, 'trash.restored', { count: tasks.length, title: first.title });
    setSelected(new Set());
    keepFocus();
  };
  const select = (id: string, isSelected: boolean): void => {
    setSelected(new Set([...selected].filter((other) => other !== id).concat(isSelected ? [id] : [])));
  };
  const close = (count: number): void => {
    setPurging(null);
    setSelected(new Set());
    if (count > 0) store.say('trash.purged', { count });
    if (count > 0) keepFocus();
  };

  return (
    <section className="view trash">
      <div className="trash-head">
        <h1 ref={heading} tabIndex={-1}>
          {t('view.trash')}
        </h1>
        {shown.length > 0 && (
          <button
            className="button danger"
            onClick={() => {
              setPurging('all');
            }}
          >
            {t('trash.empty')}
          </button>
        )}
      </div>
      {shown.length > 0 && (
        <div className="trash-actions">
          <label className="check">
            <input
              type="checkbox"
              checked={chosen.length === shown.length}
              onChange={({ target }) => {
                setSelected(new Set(target.checked ? shown.map(({ id }) => id) : []));
              }}
            />
            {t('trash.selectAll')}
          </label>
          <button
            className="button"
            disabled={!chosen.length}
            onClick={() => {
              restore(chosen);
            }}
          >
            {t('trash.restoreMany', { count: chosen.length })}
          </button>
          <button
            className="button danger"
            disabled={!chosen.length}
            onClick={() => {
              setPurging(chosen);
            }}
          >
            {t('trash.purgeMany', { count: chosen.length })}
          </button>
        </div>
      )}
      <ul className="trash-list" aria-label={t('view.trash')} hidden={!shown.length}>
        {shown.map((task) => (
          <TrashRow
            key={task.id}
            task={task}
            isSelected={selected.has(task.id)}
            onSelect={(isSelected) => {
              select(task.id, isSelected);
            }}
            onRestore={() => {
              restore([task]);
            }}
            onPurge={() => {
              setPurging([task]);
            }}
          />
        ))}
      </ul>
      <TrashState trash={trash} isEmpty={!shown.length} />
      {purging && (
        <ConfirmPurge tasks={purging === 'all' ? null : purging} onPurged={trash.remove} onClose={close} />
      )}
    </section>
  );
}
