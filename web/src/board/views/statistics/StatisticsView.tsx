import { locale, t } from '../../../languages/languages';
import { useBoard } from '../../store/context';
import { today } from '../../tasks/dates';
import { ListTable } from './ListTable';
import { completedPerWeek, lateShare, sharesOfLists } from './statistics';
import './Statistics.css';
import { StatusTable } from './StatusTable';
import { useCounts } from './useCounts';
import { WeekChart } from './WeekChart';

/** Streak, what was done week by week, what is overdue, and how much came late. */
export default function StatisticsView() {
  const { tasks, lists, online } = useBoard();
  const counts = useCounts();
  if (!tasks.size)
    return (
      <section className="view">
        <h1>{t('view.statistics')}</h1>
        <p className="empty">{t('stats.nothing')}</p>
      </section>
    );

  const all = [...tasks.values()];
  const late = lateShare(all);
  const percent = new Intl.NumberFormat(locale(), { style: 'percent' });
  const figures = [
    [t('stats.streak'), t('stats.days', { count: counts.streakDays })],
    [t('stats.doneThisWeek'), String(counts.completedThisWeek)],
    [t('stats.overdue'), String(counts.overdue)],
    [t('stats.late'), late ? percent.format(late.late / late.total) : t('stats.none')],
  ] as const;
  return (
    <section className="view statistics">
      <h1>{t('view.statistics')}</h1>
      {!online && <p className="quiet">{t('stats.offline')}</p>}
      <dl className="figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="charts">
        <section>
          <h2>{t('stats.weeks')}</h2>
          <WeekChart weeks={completedPerWeek(all, today())} />
        </section>
        <section>
          <h2>{t('stats.byStatus')}</h2>
          <StatusTable counts={counts} />
        </section>
        <section>
          <h2>{t('stats.byList')}</h2>
          <ListTable shares={sharesOfLists(tasks, lists)} />
        </section>
      </div>
    </section>
  );
}
