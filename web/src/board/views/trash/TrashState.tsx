import { t } from '../../../languages/languages';
import { useBoard } from '../../store/context';
import type { Trash } from './useTrash';

/** What stands below the list, or in its place: loading, no connection, a failure, nothing there, or more of it. */
export function TrashState({ trash, isEmpty }: { trash: Trash; isEmpty: boolean }) {
  const { online } = useBoard();
  const { tasks, problem, isLoading, hasMore, loadMore, reload } = trash;
  if (problem)
    return (
      <div className="empty" role="alert">
        <p>{online ? t('trash.failed', { reason: problem.message }) : t('trash.offline')}</p>
        <button className="button" onClick={reload} disabled={isLoading}>
          {t('app.retry')}
        </button>
      </div>
    );
  if (!tasks) return <p role="status">{t('app.loading')}</p>;
  if (hasMore)
    return (
      <button className="button" onClick={loadMore} disabled={isLoading}>
        {t('trash.more')}
      </button>
    );
  return isEmpty ? <p className="empty">{t('trash.nothing')}</p> : null;
}
