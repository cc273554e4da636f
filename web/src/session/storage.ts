/** The sync client's document in IndexedDB: each tab has one of its own, for two tabs must not write the same. */
import { delMany, entries, get, keys, set } from 'idb-keyval';

export interface DocumentStorage {
  readonly get: () => Promise<string | null>;
  readonly set: (document: string) => Promise<void>;
  readonly ready: () => Promise<void>;
}

const TABS = 10;
const LONGEST_FRAME_MS = 100; // a hidden page paints none
const prefix = (ownerId: string): string => `taskbell.${ownerId}.`;
const storageAt = (key: string): DocumentStorage => ({
  get: async () => (await get<string>(key)) ?? null,
  set: (document) => set(key, document),
  ready: painted,
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
  return { get: () => Promise.resolve(null), set: () => Promise.resolve(), ready: painted };
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

/** The number of an owner's edits in this browser that wait to be sent. */
export async function waitingEdits(ownerId: string): Promise<number> {
  const counts = (await keptDocuments()).map(([key, document]) =>
    key.startsWith(prefix(ownerId)) ? edits(document) : 0,
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Remove what is kept of an owner, and whatever of others is but a copy of what the API has: staff read students'. */
export async function clearStorages(ownerId: string): Promise<void> {
  const kept = await keptDocuments();
  const cleared = kept.filter(([key, document]) => key.startsWith(prefix(ownerId)) || edits(document) === 0);
  await delMany(cleared.map(([key]) => key));
}

const keptDocuments = async (): Promise<[string, string][]> =>
  (await entries<string, string>()).filter(([key]) => key.startsWith('taskbell.'));

const edits = (document: string): number =>
  (JSON.parse(document) as { queue?: unknown[] }).queue?.length ?? 0;

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

/** Resolve when what has changed is on screen: thousands of tasks take a while to write down. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, LONGEST_FRAME_MS);
  });
}
