import { useEffect, useRef, useState } from 'react';
import { t } from '../../languages/languages';
import { go, routeHash, useRoute } from '../shell/route';
import { useBoard } from '../store/context';
import { showInBrowser } from './showInBrowser';
import type { NotificationActions } from './useNotifications';

const SHOWN_MS = 20_000;

interface New {
  readonly id: string;
  readonly taskId: string;
  readonly title: string;
}

/** Shows a notification that arrives while the page is open, in the page and, if it may, by the browser. */
export function NewNotifications({ actions }: { actions: NotificationActions }) {
  const route = useRoute();
  const { notifications, online } = useBoard();
  const seen = useRef<Set<string> | null>(null);
  const [shown, setShown] = useState<New | null>(null);
  useEffect(() => {
    if (!seen.current) {
      if (online) seen.current = new Set(notifications.keys());
      return;
    }
    const arrived = [...notifications.values()].filter(({ id }) => !seen.current!.has(id));
    for (const notification of arrived) {
      seen.current.add(notification.id);
      showInBrowser(notification.title, notification.id, () => go({ task: notification.taskId }));
      setShown(notification);
    }
  }, [notifications, online]);
  useEffect(() => {
    if (!shown) return undefined;
    const timer = setTimeout(() => setShown(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <div className="toast reminder" role="status" aria-label={t('bell.new')} hidden={!shown}>
      {shown && (
        <>
          <span aria-hidden="true">🔔</span>
          <a
            href={routeHash({ ...route, task: shown.taskId })}
            dir="auto"
            onClick={() => {
              actions.read(shown.id);
              setShown(null);
            }}
          >
            {shown.title}
          </a>
          <button className="button plain" aria-label={t('board.dismiss')} onClick={() => setShown(null)}>
            <span aria-hidden="true">×</span>
          </button>
        </>
      )}
    </div>
  );
}
