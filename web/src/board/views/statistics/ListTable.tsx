import { t } from '../../../languages/languages';
import { ShareBar } from './ShareBar';
import type { ListShare } from './statistics';

/** What is open and completed in each list. */
export function ListTable({ shares }: { shares: readonly ListShare[] }) {
  const most = Math.max(...shares.map(({ open, completed }) => open + completed));
  return (
    <table className="shares">
      <thead>
        <tr>
          <th scope="col">{t('stats.list')}</th>
          <th scope="col">{t('stats.open')}</th>
          <th scope="col">{t('stats.completed')}</th>
        </tr>
      </thead>
      <tbody>
        {shares.map(({ list, open, completed }) => (
          <tr key={list?.id ?? ''}>
            <th scope="row">
              <span dir="auto">{list?.name ?? t('stats.noList')}</span>
              <ShareBar
                most={most}
                parts={[
                  { value: open, kind: 'open' },
                  { value: completed, kind: 'completed' },
                ]}
              />
            </th>
            <td>{open}</td>
            <td>{completed}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
