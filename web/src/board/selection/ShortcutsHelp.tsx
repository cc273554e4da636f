import { lazy, Suspense, useEffect, useState } from 'react';
import { t } from '../../languages/languages';
import './ShortcutsHelp.css';
import { singleKeysAreOn } from './singleKeys';

const ShortcutsDialog = lazy(() => import('./ShortcutsDialog'));

/** Opens the list of keyboard shortcuts: by its button, or by `?`. */
export function ShortcutsHelp() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const isText = event.target instanceof Element && event.target.closest('input, textarea, select');
      if (event.key !== '?' || isText || !singleKeysAreOn()) return;
      event.preventDefault();
      setOpen(true);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
    };
  }, []);
  return (
    <>
      <button
        className="button plain shortcuts-help"
        aria-label={t('shortcuts.title')}
        title={t('shortcuts.title')}
        onClick={() => {
          setOpen(true);
        }}
      >
        <span aria-hidden>?</span>
      </button>
      {open && (
        <Suspense fallback={null}>
          <ShortcutsDialog
            onClose={() => {
              setOpen(false);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
