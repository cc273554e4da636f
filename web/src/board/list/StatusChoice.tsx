import type { Task } from '@taskbell/sync-client';
import { t, type TextKey } from '../../languages/languages';
import { useStore } from '../store/context';
import { setStatus } from '../tasks/changes';
import { STATUSES, STATUS_TEXTS } from '../tasks/statuses';

/** Buttons that give a task another status. */
export function StatusChoice({ task, onDone }: { task: Task; onDone: () => void }) {
  const store = useStore();
  return (
    <div className="row" role="group" aria-label={t('menu.status')}>
      {STATUSES.map((status) => (
        <button
          key={status}
          className="button"
          aria-pressed={status === task.status}
          onClick={() => {
            onDone();
            if (status === task.status) return;
            store.edit([setStatus(task, status)], STATUS_TEXTS[status], { count: 1, title: task.title });
          }}
        >
          {t(`status.${status}` satisfies TextKey)}
        </button>
      ))}
    </div>
  );
}
