/** What is persisted, how changes are applied to it, and how it is shown. */
import type { Mutation, Notification, Snapshot, Task, TaskList } from './types.js';
type Named<N, T> = T & { readonly __typename: N };
type Node = Named<'Task', Task> | Named<'Notification', Notification> | Named<'TaskList', TaskList>;
type Change = Readonly<{ nodeId: string; version: number; deleted: boolean; node: Node | null }>;
export type Page = Readonly<{ nodes: readonly Change[]; cursor: string; hasMore: boolean; fullSyncRequired: boolean }>;
/** A full sync begins another generation: when it ends, entries of earlier ones are no longer on the server. */
export type State = { cursor: string | null; queue: readonly Mutation[]; generation: number;
  entries: Record<string, Readonly<{ version: number; generation: number; node: Node | null }>> };
const UNKNOWN = {
  parentId: null, description: null, status: 'PENDING', priority: 'NORMAL', labels: [], dueAt: null, dueOn: null, timeZone: 'UTC', remindBefore: [], remindAt: [],
  rank: '~', listId: null, sectionId: null, recurrence: null, overdue: false, completedAt: null, completedLate: false, deletedAt: null, version: 0,
  processing: { state: 'QUEUED', error: null }, progress: { total: 0, completed: 0 } } as const;
/** Keep what is newer than what is known, or deleted. What is deleted stays known, so that no older state brings it back. */
function apply(state: State, { nodeId: id, version, deleted, node }: Change): void {
  const known = state.entries[id];
  const newest = known && version + Number(deleted) <= known.version ? known : { version, node: deleted ? null : node };
  state.entries[id] = { ...newest, generation: state.generation };
}
export const applyTask = (state: State, task: Task): void =>
  apply(state, { nodeId: task.id, version: task.version, deleted: task.deletedAt !== null, node: { ...task, __typename: 'Task' } });
export function applyPage(state: State, { nodes, cursor, hasMore, fullSyncRequired }: Page): void {
  if (fullSyncRequired) return void Object.assign(state, { cursor: null, generation: state.generation + 1 });
  nodes.forEach((change) => { apply(state, change); });
  state.cursor = cursor;
  const current = Object.entries(state.entries).filter(([, { generation }]) => hasMore || generation === state.generation);
  state.entries = Object.fromEntries(current);
}
/** Take a mutation off the queue. Those behind it follow the id and, if no edit of others is in between, the version it led to. */
export function settle(state: State, done: Mutation, task: Task | null): void {
  const follows = 'expectedVersion' in done.input && !done.sent;
  state.queue = state.queue.slice(1).map((other) => {
    const input: { id?: string; parentId?: string | null; expectedVersion?: number } = { ...other.input };
    if (task && input.parentId === done.id) input.parentId = task.id;
    const guard = follows && input.expectedVersion && { expectedVersion: task?.version };
    if (task && input.id === done.id) Object.assign(input, { id: task.id }, guard);
    return { ...other, input, id: input.id ?? other.id } as Mutation;
  });
}
export function view({ entries, queue }: State, ownerId: string, online: boolean): Snapshot {
  const tasks = new Map<string, Task>(), notifications = new Map<string, Notification>(), lists = new Map<string, TaskList>();
  for (const { node } of Object.values(entries)) {
    if (node?.__typename === 'Task') tasks.set(node.id, node);
    else if (node?.__typename === 'TaskList') lists.set(node.id, node);
    else if (node?.__typename === 'Notification' && entries[node.taskId]?.node !== null) notifications.set(node.id, node);
  }
  for (const mutation of queue.filter(({ name, id }) => name !== 'createTask' || !entries[id])) {
    const task = changed(tasks.get(mutation.id), mutation, ownerId);
    if (task) tasks.set(mutation.id, task);
  }
  for (const [id, task] of tasks) if (task.deletedAt) tasks.delete(id);
  return { tasks, notifications, lists, pending: queue, online };
}
function changed(task: Task | undefined, { name, input, id, at }: Mutation, ownerId: string): Task | undefined {
  if (name === 'createTask') return { ...UNKNOWN, ...input, id, ownerId, createdAt: at, updatedAt: at };
  if (!task || name === 'updateTask') return task && { ...task, ...('dueAt' in input && { dueOn: null }), ...input };
  if (name === 'setTaskStatus') return { ...task, ...input, completedAt: input.status === 'COMPLETED' ? at : null };
  return { ...task, deletedAt: name === 'deleteTask' ? at : null };
}
