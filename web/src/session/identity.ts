/** Who uses the pages, kept over reloads: the guest, a local user, or who signed in with a password. */
export type Identity =
  { readonly kind: 'guest' } | { readonly kind: 'local'; readonly name: string } | { readonly kind: 'user' };

const KEY = 'taskbell.identity';
const GUEST: Identity = { kind: 'guest' };

export function storedIdentity(): Identity {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Identity | null;
    return stored && ['guest', 'local', 'user'].includes(stored.kind) ? stored : GUEST;
  } catch {
    return GUEST; // the storage is not ours alone, and may be forbidden
  }
}

export function storeIdentity(identity: Identity): void {
  localStorage.setItem(KEY, JSON.stringify(identity));
}

/** Start this tab anew when another one becomes somebody else: a browser has one user at a time. */
export function followIdentity(): void {
  window.addEventListener('storage', ({ key }) => {
    if (key === KEY) location.reload();
  });
}

const LEAVING = 'taskbell.leaving';

/** The owner who signed out, and of whom something may still be kept here. */
export const leavingOwner = (): string | null => localStorage.getItem(LEAVING);

export function setLeaving(ownerId: string | null): void {
  if (ownerId === null) localStorage.removeItem(LEAVING);
  else localStorage.setItem(LEAVING, ownerId);
}
