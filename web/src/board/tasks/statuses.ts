import type { Task } from '@taskbell/sync-client';

type Status = Task['status'];

export const STATUSES = ['PENDING', 'IN_PROGRESS', 'COMPLETED'] as const satisfies Status[];

/** The texts that say that tasks got a status: they take `count` and `title`. */
export const STATUS_TEXTS = {
  PENDING: 'done.manyReopened',
  IN_PROGRESS: 'done.manyStarted',
  COMPLETED: 'done.manyCompleted',
} as const satisfies Record<Status, string>;
