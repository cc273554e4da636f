import { t } from '../../languages/languages';
import { useBoard } from '../store/context';
import { AllowNotifications } from './AllowNotifications';
import { NotificationItem } from './NotificationItem';
import type { NotificationActions, Notifications } from './useNotifications';

interface Props {
  readonly list: Notifications;
  readonly problem: string;
  readonly actions: NotificationActions;
}

/** The newest notifications, and what one does with them all. */
export function NotificationList({ list: { nodes, unreadCount }, problem, actions }: Props) {
  const { online } = useBoard();
  return (
    <section className="notifications stack" aria-label={t('bell.title')}>
      <div className="row between">
        <h2>{t('bell.title')}</h2>
        {unreadCount > 0 && (
          <button className="button small" disabled={!online} onClick={actions.readAll}>
            {t('bell.readAll')}
          </button>
        )}
      </div>
      <p className="problem" role="alert">
        {problem}
      </p>
      {nodes.length === 0 && <p className="note">{t('bell.empty')}</p>}
      <ul>
        {nodes.map((notification) => (
          <NotificationItem key={notification.id} notification={notification} actions={actions} />
        ))}
      </ul>
      <AllowNotifications />
    </section>
  );
}
