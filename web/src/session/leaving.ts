/** Signing out: what this browser keeps of the person goes, but not the settings of the browser itself. */
import { leavingOwner, setLeaving } from './identity';
import { become } from './session';
import { clearStorages } from './storage';

const KEPT = [
  'taskbell.identity',
  'taskbell.theme',
  'taskbell.language',
  'taskbell.shortcuts',
  'taskbell.leaving',
];

/** Sign out and start anew as the guest. It is finished then, for open pages write until they end. */
export async function leave(ownerId: string): Promise<void> {
  setLeaving(ownerId);
  const pool = await import('./userPool');
  await pool.end();
  await clear(ownerId);
  become({ kind: 'guest' });
}

/** Remove what pages have written since, also after a start that was cut short. */
export async function finishLeaving(): Promise<void> {
  const ownerId = leavingOwner();
  if (ownerId === null) return;
  await clear(ownerId);
  setLeaving(null);
}

async function clear(ownerId: string): Promise<void> {
  const stored = Object.keys(localStorage);
  stored.filter((key) => !KEPT.includes(key)).forEach((key) => localStorage.removeItem(key));
  sessionStorage.clear();
  await clearStorages(ownerId);
}
