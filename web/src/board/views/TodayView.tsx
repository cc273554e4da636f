import { t } from '../../languages/languages';
import { TaskList } from '../list/TaskList';
import { useNow } from '../shell/useNow';
import { useBoard } from '../store/context';
import { today } from '../tasks/dates';
import { dueToday } from '../tasks/selections';

/** What is overdue and what is due today. */
export function TodayView() {
  const { tasks } = useBoard();
  const groups = dueToday(tasks, today(), useNow());
  return (
    <section className="view">
      <h1>{t('view.today')}</h1>
      <TaskList groups={groups} label={t('view.today')} />
    </section>
  );
}
