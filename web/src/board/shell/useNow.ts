import { useSyncExternalStore } from 'react';

const MINUTE = 60_000;
let now = Date.now();

/** The time, as of the last full minute: what is overdue then shows so. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

function subscribe(listener: () => void): () => void {
  const timer = setInterval(() => {
    now = Date.now();
    listener();
  }, MINUTE);
  return () => {
    clearInterval(timer);
  };
}
