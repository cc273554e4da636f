/** The sync client's document in IndexedDB: each tab has one of its own, for two tabs must not write the same. */
import { get, set, delMany, keys } from 'idb-keyval';

export interface DocumentStorage {
  readonly get: () => Promise<string | null>;
  readonly set: (document: string) => Promise<void>;
}

const TABS = 10;
const prefix = (ownerId: string): string => `taskbell.${ownerId}.`;
const storageAt = (key: string): DocumentStorage => ({
  get: async () => (await get<string>(key)) ?? null,
  set: (document) => set(key, document),
});

/**
 * Return the first document that no other open tab has, held until this tab closes. Where there is none (too many tabs, or a
 * browser that keeps nothing) what is not sent lasts as long as the tab.
 */
export async function openStorage(ownerId: string): Promise<DocumentStorage> {
  try {
    for (const key of keysOf(ownerId)) {
      if (!(await holds(key))) continue;
      await get(key);
      return storageAt(key);
    }
  } catch {
    // as below
  }
  return { get: () => Promise.resolve(null), set: () => Promise.resolve() };
}

/** Return the documents of tabs that were closed, now held by this one: edits may wait in them. */
export async function leftStorages(ownerId: string): Promise<DocumentStorage[]> {
  const left: DocumentStorage[] = [];
  const stored = new Set(await keys<string>());
  for (const key of keysOf(ownerId)) {
    if (stored.has(key) && (await holds(key))) left.push(storageAt(key));
  }
  return left;
}

/** Remove what is kept of an owner, for whoever uses this browser next. */
export async function clearStorages(ownerId: string): Promise<void> {
  await delMany((await keys<string>()).filter((key) => key.startsWith(prefix(ownerId))));
}

const keysOf = (ownerId: string): string[] =>
  Array.from({ length: TABS }, (_, tab) => `${prefix(ownerId)}${tab}`);

function holds(key: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const hold = (lock: Lock | null): Promise<void> | undefined => {
      resolve(lock !== null);
      return lock ? new Promise(() => undefined) : undefined; // until the tab closes
    };
    navigator.locks.request(key, { ifAvailable: true }, hold).catch(reject);
  });
}
