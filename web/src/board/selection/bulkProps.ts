import type { Task } from '@taskbell/sync-client';
import type { BulkChange } from './useBulkChange';

/** The selected tasks, and what changes them. */
export interface BulkProps {
  readonly tasks: readonly Task[];
  readonly change: BulkChange;
}
