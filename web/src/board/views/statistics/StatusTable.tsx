import { t } from '../../../languages/languages';
import { ShareBar } from './ShareBar';
import type { Counts } from './statistics';

/** The open tasks by status. */
export function StatusTable({ counts }: { counts: Counts }) {
  const rows = [
    ['PENDING', counts.pending],
    ['IN_PROGRESS', counts.inProgress],
    ['COMPLETED', counts.completed],
  ] as const;
  const most = Math.max(...rows.map(([, value]) => value));
  return (
    <table className="shares">
      <thead>
        <tr>
          <th scope="col">{t('stats.status')}</th>
          <th scope="col">{t('stats.tasks')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([status, value]) => (
          <tr key={status}>
            <th scope="row">
              {t(`status.${status}`)}
              <ShareBar
                most={most}
                parts={[{ value, kind: status === 'COMPLETED' ? 'completed' : 'open' }]}
              />
            </th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
