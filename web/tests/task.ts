import type { Task } from '@taskbell/sync-client';

/** A task for tests; what matters is given. */
export const task = (id: string, more: Partial<Task> = {}): Task => ({
  id,
  ownerId: 'ada',
  parentId: null,
  version: 1,
  title: id,
  description: null,
  status: 'PENDING',
  priority: 'NORMAL',
  labels: [],
  dueAt: null,
  dueOn: null,
  timeZone: 'UTC',
  remindBefore: [],
  remindAt: [],
  rank: 'a0',
  listId: null,
  sectionId: null,
  recurrence: null,
  overdue: false,
  completedAt: null,
  completedLate: false,
  createdAt: '2026-11-23T08:00:00.000Z',
  updatedAt: '2026-11-23T08:00:00.000Z',
  deletedAt: null,
  processing: { state: 'SUCCEEDED', error: null },
  progress: { total: 0, completed: 0 },
  ...more,
});

export const byId = (...tasks: Task[]): Map<string, Task> => new Map(tasks.map((each) => [each.id, each]));
