import { lazy, Suspense } from 'react';
import { t, type TextKey } from '../../languages/languages';
import { useBoard } from '../store/context';
import { today } from '../tasks/dates';
import { dueToday } from '../tasks/selections';
import './Navigation.css';
import { routeHash, useRoute, VIEWS, type View } from './route';
import { useNow } from './useNow';

const ListNavigation = lazy(() => import('../views/lists/ListNavigation'));

/** The views, with the number of tasks that want attention today. */
export function Navigation() {
  const { view: current } = useRoute();
  const { tasks } = useBoard();
  const now = useNow();
  const waiting = dueToday(tasks, today(), now)
    .flatMap(({ tasks: due }) => due)
    .filter(({ status }) => status !== 'COMPLETED');
  const count = (view: View): number => (view === 'today' ? waiting.length : 0);
  return (
    <nav className="views" aria-label={t('board.views')}>
      {VIEWS.map((view) => (
        <a key={view} href={routeHash({ view })} aria-current={view === current ? 'page' : undefined}>
          {t(`view.${view}` satisfies TextKey)}
          {count(view) > 0 && <span className="count">{count(view)}</span>}
        </a>
      ))}
      <Suspense fallback={null}>
        <ListNavigation />
      </Suspense>
    </nav>
  );
}
