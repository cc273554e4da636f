import { t } from '../../languages/languages';
import { useBoard } from '../store/context';

/** Tells screen readers, politely, what others or the pipeline changed. */
export function Announcer() {
  const { changed, tasks } = useBoard();
  const titles = [...changed].flatMap((id) => tasks.get(id)?.title ?? []);
  const [title = ''] = titles;
  return (
    <p className="hidden-text" aria-live="polite">
      {titles.length > 0 && t('board.changed', { count: titles.length, title })}
    </p>
  );
}
