/** Whose tasks this tab shows: one's own, or for staff those of a student, to be read only. */
import type { Session } from '../../session/session';

export interface Owner {
  readonly ownerId: string;
  readonly name: string;
}

const KEY = 'taskbell.owner';

export const mayReadOthers = ({ viewer }: Session): boolean =>
  viewer.groups.some((group) => ['staff', 'admins'].includes(group));

export function shownOwner(session: Session): Owner {
  const stored = sessionStorage.getItem(KEY);
  const chosen = stored ? (JSON.parse(stored) as Owner & { viewer: string }) : null;
  return chosen?.viewer === session.viewer.ownerId && mayReadOthers(session) ? chosen : session.viewer;
}

/** Show somebody's tasks in this tab from now on; null for one's own. */
export function showOwner(session: Session, owner: Owner | null): void {
  if (owner) sessionStorage.setItem(KEY, JSON.stringify({ ...owner, viewer: session.viewer.ownerId }));
  else sessionStorage.removeItem(KEY);
  location.reload();
}
