import { useEffect, useState } from 'react';
import {
  DismissNotificationsDocument,
  MarkNotificationsReadDocument,
  NotificationsDocument,
  ReadNotificationsDocument,
  SnoozeNotificationDocument,
  type NotificationsQuery,
} from '../../api/operations';
import { request } from '../../api/request';
import { useBoard, useSession, useStore } from '../store/context';

export type Notifications = NonNullable<NotificationsQuery['notifications']>;
export type Notification = Notifications['nodes'][number];

export interface NotificationActions {
  readonly read: (id: string) => void;
  readonly readAll: () => void;
  readonly dismiss: (id: string) => void;
  readonly snooze: (id: string, until: Date) => void;
}

const NOTHING: Notifications = { nodes: [], unreadCount: 0 };

/** One's notifications, with what has been read; asked for again when the sync client has others. */
export function useNotifications() {
  const session = useSession();
  const store = useStore();
  const { notifications, online } = useBoard();
  const [list, setList] = useState(NOTHING);
  const [problem, setProblem] = useState('');
  const known = [...notifications.keys()].join();

  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    if (online) {
      request(session, NotificationsDocument, {}).then(
        ({ notifications: found }) => {
          if (isCurrent) setList(found ?? NOTHING);
        },
        () => undefined, // the next change, or the next connection, asks again
      );
    }
    return () => {
      isCurrent = false;
    };
  }, [session, known, online, asked]);

  const act = (action: () => Promise<{ readonly errors: readonly { readonly message: string }[] }>): void => {
    setProblem('');
    action()
      .then(({ errors }) => {
        setProblem(errors[0]?.message ?? '');
        store.refresh();
        setAsked((times) => times + 1);
      })
      .catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
  };
  const mine = <Input extends object>(input: Input) => ({
    input: { ...input, clientMutationId: crypto.randomUUID() },
  });
  const actions: NotificationActions = {
    read: (id) =>
      act(
        async () =>
          (await request(session, ReadNotificationsDocument, mine({ ids: [id] }))).readNotifications,
      ),
    readAll: () =>
      act(async () => {
        const until = list.nodes[0]?.sentAt ?? new Date().toISOString();
        return (await request(session, MarkNotificationsReadDocument, mine({ until }))).markNotificationsRead;
      }),
    dismiss: (id) =>
      act(
        async () =>
          (await request(session, DismissNotificationsDocument, mine({ ids: [id] }))).dismissNotifications,
      ),
    snooze: (id, until) =>
      act(
        async () =>
          (await request(session, SnoozeNotificationDocument, mine({ id, until: until.toISOString() })))
            .snoozeNotification,
      ),
  };
  return { list, problem, actions };
}
