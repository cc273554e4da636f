import type { MouseEvent } from 'react';
import { t } from '../../languages/languages';
import { routeHash, useRoute } from '../shell/route';
import { useBoard } from '../store/context';
import { formatMoment } from '../tasks/dates';
import { SNOOZES } from './snoozes';
import type { Notification, NotificationActions } from './useNotifications';

interface Props {
  readonly notification: Notification;
  readonly actions: NotificationActions;
}

/** A reminder: it leads to its task, and can be read, dismissed, or sent again later. */
export function NotificationItem({ notification, actions }: Props) {
  const route = useRoute();
  const { online } = useBoard();
  const { id, taskId, title, sentAt, dueAt, read } = notification;
  const open = ({ currentTarget }: MouseEvent): void => {
    currentTarget.closest<HTMLElement>('[popover]')?.hidePopover();
    if (!read) actions.read(id);
  };
  return (
    <li data-unread={!read || undefined}>
      <a href={routeHash({ ...route, task: taskId })} dir="auto" onClick={open}>
        {!read && <span className="hidden-text">{t('bell.unread')} </span>}
        {title}
      </a>
      <p className="note">
        <time dateTime={sentAt}>{formatMoment(sentAt)}</time>
        {dueAt && ` · ${t('bell.due', { moment: formatMoment(dueAt) })}`}
      </p>
      <div className="row" role="group" aria-label={t('bell.actions', { title })}>
        {SNOOZES.map(({ key, until }) => (
          <button
            key={key}
            className="button small"
            disabled={!online}
            onClick={() => actions.snooze(id, until(new Date()))}
          >
            {t(key)}
          </button>
        ))}
        {!read && (
          <button className="button small" disabled={!online} onClick={() => actions.read(id)}>
            {t('bell.read')}
          </button>
        )}
        <button className="button small" disabled={!online} onClick={() => actions.dismiss(id)}>
          {t('bell.dismiss')}
        </button>
      </div>
    </li>
  );
}
