import { t } from '../../languages/languages';
import { useBoard, useStore } from '../store/context';
import './messages.css';

/** What was just done, and its undoing; it stays until something else is done, or it is closed. */
export function DoneToast() {
  const store = useStore();
  const { done } = useBoard();
  return (
    <div className="toast" role="status" aria-label={t('board.done')} hidden={!done}>
      {done && <span dir="auto">{t(done.text, done.values)}</span>}
      {done?.undo && (
        <button className="button" onClick={done.undo}>
          {t('board.undo')}
        </button>
      )}
      <button
        className="button plain"
        aria-label={t('board.dismiss')}
        onClick={() => {
          store.forgetDone();
        }}
      >
        ✕
      </button>
    </div>
  );
}
