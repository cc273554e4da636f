import type { Task } from '@taskbell/sync-client';
import { t } from '../../../languages/languages';
import { useStore } from '../../store/context';

const STATUSES = ['PENDING', 'IN_PROGRESS', 'COMPLETED'] as const;

/** The status, as one of three buttons. */
export function StatusField({ task }: { task: Task }) {
  const store = useStore();
  const choose = (status: Task['status']): void => {
    const text =
      status === 'COMPLETED'
        ? 'done.completed'
        : task.status === 'COMPLETED'
          ? 'done.reopened'
          : 'done.updated';
    store.edit([{ name: 'setTaskStatus', input: { id: task.id, status } }], text, { title: task.title });
  };
  return (
    <fieldset className="choice">
      <legend className="hidden-text">{t('field.status')}</legend>
      {STATUSES.map((status) => (
        <label key={status} data-status={status}>
          <input
            type="radio"
            name={`status-${task.id}`}
            checked={task.status === status}
            onChange={() => choose(status)}
          />
          {t(`status.${status}`)}
        </label>
      ))}
    </fieldset>
  );
}
