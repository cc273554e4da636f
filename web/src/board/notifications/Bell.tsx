import { Menu } from '../../interface/Menu';
import { t } from '../../languages/languages';
import { useStore } from '../store/context';
import './Notifications.css';
import { NewNotifications } from './NewNotifications';
import { NotificationList } from './NotificationList';
import { useNotifications } from './useNotifications';

/** How many notifications are unread, and all of them below it. Of somebody else's tasks there are none. */
export function Bell() {
  return useStore().isReadOnly ? null : <OwnBell />;
}

function OwnBell() {
  const { list, problem, actions } = useNotifications();
  const { unreadCount } = list;
  return (
    <div className="bell">
      <Menu
        label={t('bell.label', { count: unreadCount })}
        text={
          <>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M12 3a6 6 0 0 0-6 6v4l-2 3h16l-2-3V9a6 6 0 0 0-6-6zM9.5 19a2.5 2.5 0 0 0 5 0" />
            </svg>
            {unreadCount > 0 && <span className="count">{unreadCount}</span>}
          </>
        }
      >
        <NotificationList list={list} problem={problem} actions={actions} />
      </Menu>
      <NewNotifications actions={actions} />
    </div>
  );
}
