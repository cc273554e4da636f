import type { Task } from '@taskbell/sync-client';
import type { RefObject } from 'react';
import { t } from '../../languages/languages';
import { useStore } from '../store/context';
import { remove } from '../tasks/changes';
import { ListChoice } from './ListChoice';
import { DayChoice } from './DayChoice';
import { Popup } from './Popup';
import { StatusChoice } from './StatusChoice';
import type { Move } from './TaskMenu';

interface Props {
  readonly task: Task;
  readonly moves: readonly Move[];
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly onClose: () => void;
}

/** Status, place, day and list of a task, and its deletion: all that dragging does, and more. */
export default function TaskMenuPopup({ task, moves, button, onClose }: Props) {
  const store = useStore();
  const then = (run: () => void) => () => {
    onClose();
    run();
  };
  return (
    <Popup label={t('menu.open', { title: task.title })} button={button} onClose={onClose}>
      <StatusChoice task={task} onDone={onClose} />
      {moves.length > 0 && (
        <div className="row" role="group" aria-label={t('menu.place')}>
          {moves.map(({ text, run }) => (
            <button key={text} className="button" onClick={then(run)}>
              {text}
            </button>
          ))}
        </div>
      )}
      <DayChoice task={task} onDone={onClose} />
      {!task.parentId && <ListChoice task={task} onDone={onClose} />}
      <button
        className="button danger"
        onClick={then(() => {
          store.edit([remove(task)], 'done.deleted', { count: 1, title: task.title });
        })}
      >
        {t('menu.delete')}
      </button>
    </Popup>
  );
}
