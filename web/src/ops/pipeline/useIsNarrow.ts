import { useSyncExternalStore } from 'react';

const query = matchMedia('(width < 60rem)');

/** Whether the window has too little room for the wide picture. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches);
}

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}
