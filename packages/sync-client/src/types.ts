/** What the client shows, and what an app passes to it. Ids are global; timestamps are text as the API has it. */
export type Recurrence = Readonly<{ rrule: string; afterCompletion?: boolean }>; // RRULE of RFC 5545
type Details = Readonly<{ title: string; description: string | null; dueAt: string | null; timeZone: string; recurrence: Recurrence | null;
  priority: 'LOW' | 'NORMAL' | 'HIGH' | 'URGENT'; labels: readonly string[]; remindBefore: readonly number[]; remindAt: readonly string[];
  rank: string; listId: string | null; sectionId: string | null }>;
export type Task = Details & Readonly<{
  id: string; ownerId: string; parentId: string | null; version: number; // version 0: not yet on the server
  status: 'PENDING' | 'IN_PROGRESS' | 'COMPLETED'; dueOn: string | null; overdue: boolean; completedLate: boolean;
  createdAt: string; updatedAt: string; completedAt: string | null; deletedAt: string | null;
  processing: Readonly<{ state: 'QUEUED' | 'RUNNING' | 'WAITING' | 'SUCCEEDED' | 'FAILED'; error: string | null }>;
  progress: Readonly<{ total: number; completed: number }>;
}>;
export type Notification = Readonly<{ id: string; taskId: string; at: string; sentAt: string; title: string }>;
export type TaskList = Readonly<{ id: string; version: number; name: string; color: string | null; rank: string; archivedAt: string | null;
  sections: readonly Readonly<{ id: string; name: string }>[] }>;
type Target = Readonly<{ id: string; expectedVersion?: number }>; // the version that the user saw
export type Inputs = {
  createTask: Pick<Details, 'title'> & Partial<Details> & Readonly<{ parentId?: string }>;
  updateTask: Target & Partial<Details & Pick<Task, 'parentId'>>; deleteTask: Target; restoreTask: Target; setTaskStatus: Target & Pick<Task, 'status'> & Partial<Pick<Task, 'rank'>>;
};
/** A change of the task `id` that is not confirmed yet; `sent` if an answer may have been lost. */
export type Mutation = { [N in keyof Inputs]: Readonly<{ name: N; input: Inputs[N] }> }[keyof Inputs] &
  Readonly<{ clientMutationId: string; id: string; at: string; sent: boolean }>;
export type UserError = Readonly<{ code: string; message: string; field: readonly string[] | null }>;
/** What is on screen: the server's state with the pending mutations applied, without deleted tasks. */
export type Snapshot = Readonly<{ tasks: ReadonlyMap<string, Task>; notifications: ReadonlyMap<string, Notification>;
  lists: ReadonlyMap<string, TaskList>; pending: readonly Mutation[]; online: boolean }>;
/** What the real-time protocol needs; the GraphQL endpoint's URL, and what tests replace. */
export type Transport = Readonly<{ url: string; WebSocket: new (url: string, protocols: string[]) => WebSocket;
  setTimeout: (action: () => void, ms: number) => unknown; clearTimeout: (timer: unknown) => void }>;
type Replaceable = Omit<Transport, 'url'> & Readonly<{ fetch: typeof fetch; now: () => number; random: () => number; uuid: () => string }>;
export type Options = Pick<Transport, 'url'> & Partial<Replaceable> & Readonly<{
  ownerId: string; askEveryMs?: number; // whose tasks; how often to ask for what no push told, 5 minutes
  /** Headers that show who calls, `x-api-key` or `Authorization`; `refused` if the API no longer took the last ones. */
  auth: (refused: boolean) => Promise<Readonly<Record<string, string>>>;
  /** Keeps one JSON document, for one client at a time. `ready` is awaited before one is made, by an app that paints first. */
  storage: Readonly<{ get: () => Promise<string | null>; set: (document: string) => Promise<void>; ready?: () => Promise<void> }>;
  /** The server refused a mutation, which is no longer shown. */
  onRefused: (mutation: Mutation, errors: readonly UserError[]) => void;
}>;
