import { useRef, useState } from 'react';
import { Dialog } from '../../../interface/Dialog';
import { t } from '../../../languages/languages';
import { useSession } from '../../store/context';
import { emptyTrash, purge } from './purge';
import type { TrashedTask } from './useTrash';

interface ConfirmPurgeProps {
  /** What is to be deleted; null for everything. */
  readonly tasks: readonly TrashedTask[] | null;
  readonly onPurged: (ids: readonly string[]) => void;
  /** `purged` tasks are gone; `done` unless it was given up. */
  readonly onClose: (purged: number) => void;
}

/** Asks before tasks are deleted for good, names them, and shows how far it is. */
export function ConfirmPurge({ tasks, onPurged, onClose }: ConfirmPurgeProps) {
  const session = useSession();
  const stopping = useRef(new AbortController());
  const [purged, setPurged] = useState(0);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');

  const run = async (): Promise<void> => {
    let count = 0;
    const progress = (ids: readonly string[]): void => {
      count += ids.length;
      setPurged(count);
      onPurged(ids);
    };
    setBusy(true);
    setProblem('');
    try {
      if (tasks) {
        await purge(
          session,
          tasks.map(({ id }) => id),
          progress,
        );
      } else {
        await emptyTrash(session, progress, stopping.current.signal);
      }
      onClose(count);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  const close = (): void => {
    stopping.current.abort();
    if (!isBusy) onClose(purged);
  };

  return (
    <Dialog
      title={tasks ? t('trash.purgeTitle', { count: tasks.length }) : t('trash.emptyTitle')}
      onClose={close}
    >
      {tasks ? (
        <ul className="trash-named">
          {tasks.slice(0, 5).map(({ id, title }) => (
            <li key={id} dir="auto">
              {title}
            </li>
          ))}
          {tasks.length > 5 && <li>{t('trash.others', { count: tasks.length - 5 })}</li>}
        </ul>
      ) : (
        <p>{t('trash.emptyText')}</p>
      )}
      <p>{t('trash.purgeText')}</p>
      <p className="hidden-text" role="status">
        {isBusy && t('trash.progress', { count: purged })}
      </p>
      {isBusy && (
        <p className="trash-progress" aria-hidden="true">
          <progress max={tasks?.length} value={tasks ? purged : undefined} />{' '}
          {t('trash.progress', { count: purged })}
        </p>
      )}
      <p className="problem" role="alert">
        {problem}
      </p>
      <div className="row">
        <button className="button danger" disabled={isBusy} onClick={() => void run()}>
          {tasks ? t('trash.purge') : t('trash.empty')}
        </button>
        <button className="button" onClick={close} disabled={isBusy && tasks !== null}>
          {isBusy && !tasks ? t('trash.stop') : t('signIn.cancel')}
        </button>
      </div>
    </Dialog>
  );
}
