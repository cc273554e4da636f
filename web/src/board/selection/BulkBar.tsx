import type { Task } from '@taskbell/sync-client';
import { t } from '../../languages/languages';
import { remove, setStatus } from '../tasks/changes';
import { STATUSES, STATUS_TEXTS } from '../tasks/statuses';
import { BulkDay } from './BulkDay';
import { BulkLabels } from './BulkLabels';
import { BulkList } from './BulkList';
import { BulkPriority } from './BulkPriority';
import { useBulkChange } from './useBulkChange';
import type { Selection } from './useSelection';

/** How many tasks are selected, and what can be done with them together. */
export default function BulkBar({ selection, tasks }: { selection: Selection; tasks: readonly Task[] }) {
  const change = useBulkChange();
  const chosen = tasks.filter(({ id }) => selection.ids.has(id));
  const nothing = !chosen.length;
  const shared = { tasks: chosen, change };
  return (
    <div className="selection-bar" role="group" aria-label={t('select.bar')}>
      <span className="count" role="status">
        {t('select.count', { count: chosen.length })}
      </span>
      <button className="button small" onClick={selection.all}>
        {t('select.all')}
      </button>
      {STATUSES.toReversed().map((status) => (
        <button
          key={status}
          className="button small"
          disabled={nothing}
          onClick={() => {
            const others = chosen.filter((task) => task.status !== status);
            change(others, (task) => setStatus(task, status), STATUS_TEXTS[status]);
          }}
        >
          {t(`select.${status}`)}
        </button>
      ))}
      <BulkDay {...shared} />
      <BulkList {...shared} />
      <BulkLabels {...shared} />
      <BulkPriority {...shared} />
      <button
        className="button small danger"
        disabled={nothing}
        onClick={() => {
          change(chosen, remove, 'done.deleted');
        }}
      >
        {t('menu.delete')}
      </button>
      <button className="button small end" onClick={selection.end}>
        {t('select.end')}
      </button>
    </div>
  );
}
