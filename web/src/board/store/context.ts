/** The session and the store for the board's components. */
import { createContext, use, useSyncExternalStore } from 'react';
import type { Session } from '../../session/session';
import type { BoardState, BoardStore } from './BoardStore';

export const SessionContext = createContext<Session | null>(null);
export const StoreContext = createContext<BoardStore | null>(null);

export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error('There is no session here.');
  return session;
}

export function useStore(): BoardStore {
  const store = use(StoreContext);
  if (!store) throw new Error('There is no store here.');
  return store;
}

/** The state as it is now; the component is shown again after each change. */
export function useBoard(): BoardState {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, store.getState);
}
