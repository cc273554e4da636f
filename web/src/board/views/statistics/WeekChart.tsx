import { locale, t } from '../../../languages/languages';
import { dateOf, formatDay } from '../../tasks/dates';
import type { Week } from './statistics';

const [WIDTH, HEIGHT, BAR, TOP, BOTTOM] = [360, 160, 28, 18, 22];

/** Bars for weeks, with a table of the same numbers for those who do not see them. */
export function WeekChart({ weeks }: { weeks: readonly Week[] }) {
  const most = Math.max(1, ...weeks.map(({ completed }) => completed));
  const step = WIDTH / weeks.length;
  const isThisWeek = (index: number): boolean => index === weeks.length - 1;
  return (
    <figure className="chart">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        <line x1="0" x2={WIDTH} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM} />
        {weeks.map(({ monday, completed }, index) => {
          const height = (completed / most) * (HEIGHT - TOP - BOTTOM);
          const middle = step * (index + 0.5);
          const top = HEIGHT - BOTTOM - height;
          return (
            <g key={monday} className={isThisWeek(index) ? 'current' : undefined}>
              <rect x={middle - BAR / 2} y={top} width={BAR} height={height} rx="3" />
              <text className="value" x={middle} y={top - 6}>
                {completed}
              </text>
              <text x={middle} y={HEIGHT - 6}>
                {isThisWeek(index) ? t('stats.thisWeek') : shortDay(monday)}
              </text>
            </g>
          );
        })}
      </svg>
      <table className="hidden-text">
        <caption>{t('stats.weeks')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('stats.weekOf')}</th>
            <th scope="col">{t('stats.completed')}</th>
          </tr>
        </thead>
        <tbody>
          {weeks.map(({ monday, completed }) => (
            <tr key={monday}>
              <th scope="row">{formatDay(monday)}</th>
              <td>{completed}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

/** Without the weekday, which is always the same. */
const shortDay = (day: string): string =>
  dateOf(day).toLocaleDateString(locale(), { day: 'numeric', month: 'short' });
