import type { Task } from '@taskbell/sync-client';
import { lazy, Suspense } from 'react';
import { t } from '../../languages/languages';
import './SelectionBar.css';
import type { Selection } from './useSelection';

const BulkBar = lazy(() => import('./BulkBar'));

/** Begins a selection; then says how many tasks it has, and what can be done with them. */
export function SelectionBar({ selection, tasks }: { selection: Selection; tasks: readonly Task[] }) {
  if (!selection.active) {
    return (
      <div className="selection-bar">
        <button className="button plain small" onClick={selection.begin}>
          {t('select.begin')}
        </button>
      </div>
    );
  }
  return (
    <Suspense fallback={null}>
      <BulkBar selection={selection} tasks={tasks} />
    </Suspense>
  );
}
