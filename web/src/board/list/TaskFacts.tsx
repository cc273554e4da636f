import type { Task } from '@taskbell/sync-client';
import { t } from '../../languages/languages';
import { useNow } from '../shell/useNow';
import { useBoard } from '../store/context';
import { dueOf, formatDay, formatTime, isOverdue, today } from '../tasks/dates';

/** What a row or a card shows beside the title: when it is due, its list, labels, subtasks, recurrence, a failure. */
export function TaskFacts({ task }: { task: Task }) {
  const { lists } = useBoard();
  const now = useNow();
  const due = dueOf(task);
  const list = task.listId ? lists.get(task.listId) : undefined;
  const { total, completed } = task.progress;
  return (
    <span className="facts">
      {task.priority !== 'NORMAL' && (
        <span className={`fact priority-${task.priority.toLowerCase()}`}>
          {t(`priority.${task.priority}`)}
        </span>
      )}
      {due && (
        <span className={isOverdue(task, now) ? 'fact overdue' : 'fact'}>
          {due.day === today() && due.time
            ? formatTime(due.at)
            : `${formatDay(due.day)}${due.time ? ` ${formatTime(due.at)}` : ''}`}
        </span>
      )}
      {task.recurrence && <span className="fact">{t('task.repeats')}</span>}
      {total > 0 && <span className="fact">{t('task.progress', { completed, total })}</span>}
      {list && (
        <span className="fact list" dir="auto">
          <span className="dot" style={{ background: list.color ?? 'var(--quiet)' }} />
          {list.name}
        </span>
      )}
      {task.labels.map((label) => (
        <span key={label} className="fact label" dir="auto">
          #{label}
        </span>
      ))}
      {task.processing.state === 'FAILED' && <span className="fact failed">{t('task.failed')}</span>}
    </span>
  );
}
