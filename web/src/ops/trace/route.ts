/** Which task is traced, in the address behind `#`, so that it can be passed on: `#/trace?id=...&owner=...`. */
import { useSyncExternalStore } from 'react';

export interface Traced {
  readonly id: string;
  /** Needed unless the id names the owner itself. */
  readonly ownerId: string | null;
}

const TRACE = '/trace';

export function parseTraced(hash: string): Traced | null {
  const { pathname, searchParams } = new URL(hash.slice(1) || '/', 'http://route');
  const id = searchParams.get('id');
  return pathname === TRACE && id ? { id, ownerId: searchParams.get('owner') } : null;
}

export function traceHash({ id, ownerId }: Traced): string {
  return `#${TRACE}?${new URLSearchParams(ownerId ? { id, owner: ownerId } : { id }).toString()}`;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

const currentHash = (): string => location.hash;

/** The hash of the traced task: equal texts for equal tasks. */
export const useTraceHash = (): string => useSyncExternalStore(subscribe, currentHash);
