import { t } from '../../languages/languages';
import { useBoard } from '../store/context';

/** Says that the API is out of reach, and how many edits wait to be sent. */
export function ConnectionBanner() {
  const { online, pending, tasks } = useBoard();
  if (online) return null;
  const starting = tasks.size === 0 && navigator.onLine;
  return (
    <p className="banner" role="status">
      {starting ? t('app.loading') : t('board.offline', { pending: pending.length })}
    </p>
  );
}
