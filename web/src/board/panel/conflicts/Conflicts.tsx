import { lazy, Suspense, useEffect, useState } from 'react';
import { t } from '../../../languages/languages';
import { useBoard, useStore } from '../../store/context';
import { conflictsOf, isConflict, resolution } from './conflicts';

const ConflictDialog = lazy(() => import('./ConflictDialog'));

/** Asks what becomes of changes that met others', one task after another, wherever they come from. */
export function Conflicts() {
  const store = useStore();
  const { refusals } = useBoard();
  const [later, setLater] = useState(false);
  useEffect(() => {
    if (!refusals.some(isConflict)) return;
    const { refusals: current, tasks } = store.getState();
    for (const conflict of conflictsOf(current, tasks).filter(({ isReal }) => !isReal)) {
      conflict.refusals.forEach((refusal) => store.settleRefusal(refusal));
      const edits = resolution(conflict, () => 'mine');
      if (edits.length) store.edit(edits, 'done.updated', { title: conflict.task.title });
    }
  }, [refusals, store]);
  if (!refusals.some(isConflict)) return null;
  const [conflict] = conflictsOf(refusals, store.getState().tasks).filter(({ isReal }) => isReal);
  if (!conflict) return null;
  if (later) {
    return (
      <p className="banner" role="status">
        {t('conflict.waiting')}{' '}
        <button className="button" onClick={() => setLater(false)}>
          {t('conflict.decide')}
        </button>
      </p>
    );
  }
  return (
    <Suspense fallback={null}>
      <ConflictDialog key={conflict.task.id} conflict={conflict} onLater={() => setLater(true)} />
    </Suspense>
  );
}
