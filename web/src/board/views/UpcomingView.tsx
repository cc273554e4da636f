import { t } from '../../languages/languages';
import { TaskList } from '../list/TaskList';
import { useBoard } from '../store/context';
import { today } from '../tasks/dates';
import { upcoming } from '../tasks/selections';

/** Open tasks from tomorrow on, by day. */
export function UpcomingView() {
  const { tasks } = useBoard();
  return (
    <section className="view">
      <h1>{t('view.upcoming')}</h1>
      <TaskList groups={upcoming(tasks, today())} label={t('view.upcoming')} />
    </section>
  );
}
