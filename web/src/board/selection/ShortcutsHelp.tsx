import { lazy, Suspense, useState } from 'react';
import { useShortcut } from '../../interface/shortcuts';
import { t } from '../../languages/languages';
import './ShortcutsHelp.css';

const ShortcutsDialog = lazy(() => import('./ShortcutsDialog'));

/** Opens the list of keyboard shortcuts: by its button, or by `?`. */
export function ShortcutsHelp() {
  const [open, setOpen] = useState(false);
  useShortcut(['?'], () => {
    setOpen(true);
  });
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
