import { t } from '../../languages/languages';
import { PopupButton } from '../list/PopupButton';
import { setPriority } from '../tasks/changes';
import type { BulkProps } from './bulkProps';

const PRIORITIES = ['URGENT', 'HIGH', 'NORMAL', 'LOW'] as const;

/** Gives the selected tasks the same priority. */
export function BulkPriority({ tasks, change }: BulkProps) {
  return (
    <PopupButton
      className="button small"
      label={t('select.priority')}
      text={t('select.priority')}
      disabled={!tasks.length}
    >
      {(close) => (
        <div className="choices">
          {PRIORITIES.map((priority) => (
            <button
              key={priority}
              className="button"
              onClick={() => {
                close();
                const others = tasks.filter((task) => task.priority !== priority);
                change(others, (task) => setPriority(task, priority), 'select.prioritised');
              }}
            >
              {t(`priority.${priority}`)}
            </button>
          ))}
        </div>
      )}
    </PopupButton>
  );
}
