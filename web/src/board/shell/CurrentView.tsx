import { lazy, Suspense, type ComponentType } from 'react';
import { t } from '../../languages/languages';
import { SearchView } from '../views/SearchView';
import { TodayView } from '../views/TodayView';
import { UpcomingView } from '../views/UpcomingView';
import { useRoute, type View } from './route';

const VIEW_COMPONENTS: Record<View, ComponentType> = {
  today: TodayView,
  upcoming: UpcomingView,
  search: SearchView,
  board: lazy(() => import('../views/kanban/KanbanView')),
  calendar: lazy(() => import('../views/calendar/CalendarView')),
  lists: lazy(() => import('../views/lists/ListsView')),
  trash: lazy(() => import('../views/trash/TrashView')),
  statistics: lazy(() => import('../views/statistics/StatisticsView')),
};

/** The view that the address names. All but the first ones are loaded when they are opened. */
export function CurrentView() {
  const { view } = useRoute();
  const Shown = VIEW_COMPONENTS[view];
  return (
    <Suspense fallback={<p role="status">{t('app.loading')}</p>}>
      <Shown />
    </Suspense>
  );
}
