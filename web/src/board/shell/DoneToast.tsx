import { useEffect } from 'react';
import { t } from '../../languages/languages';
import { useBoard, useStore } from '../store/context';
import './messages.css';

const SHOWN_MS = 10_000;

/** What was just done, and its undoing. */
export function DoneToast() {
  const store = useStore();
  const { done } = useBoard();
  useEffect(() => {
    if (!done) return undefined;
    const timer = setTimeout(() => {
      store.forgetDone();
    }, SHOWN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [done, store]);
  return (
    <div className="toast" role="status" aria-label={t('board.done')} hidden={!done}>
      {done && <span>{t(done.text, done.values)}</span>}
      {done?.undo && (
        <button className="button" onClick={done.undo}>
          {t('board.undo')}
        </button>
      )}
    </div>
  );
}
