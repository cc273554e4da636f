/** The session of who operates, for the parts of the page. */
import { createContext, useContext } from 'react';
import type { Session } from '../session/session';

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  return useContext(SessionContext)!;
}
