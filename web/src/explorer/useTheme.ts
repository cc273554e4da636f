import { useSyncExternalStore } from 'react';

/** The theme that the page shows now. */
export const useTheme = (): 'light' | 'dark' => useSyncExternalStore(listen, theme);

const theme = (): 'light' | 'dark' => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light');

function listen(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    observer.disconnect();
  };
}
