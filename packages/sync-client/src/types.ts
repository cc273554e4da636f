/** What the client shows, and what an app passes to it. Ids are global; timestamps are text as the API has it. */
type Details = Readonly<{
  title: string; description: string | null; priority: 'LOW' | 'NORMAL' | 'HIGH' | 'URGENT'; labels: readonly string[];
  dueAt: string | null; timeZone: string; remindBefore: readonly number[]; recurrence: Recurrence | null;
}>;
export type Recurrence = Readonly<{ // with the API's defaults for what is left out
  frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY'; interval?: number; weekdays?: readonly string[]; dayOfMonth?: number | null; until?: string | null;
}>;
export type Task = Details & Readonly<{
  id: string; ownerId: string; parentId: string | null; version: number; // version 0: not yet on the server
  status: 'PENDING' | 'IN_PROGRESS' | 'COMPLETED'; overdue: boolean; completedLate: boolean;
  createdAt: string; updatedAt: string; completedAt: string | null; deletedAt: string | null;
  processing: Readonly<{ state: 'QUEUED' | 'RUNNING' | 'WAITING' | 'SUCCEEDED' | 'FAILED'; error: string | null }>;
  progress: Readonly<{ total: number; completed: number }>;
}>;
export type Notification = Readonly<{ id: string; taskId: string; at: string; sentAt: string; title: string }>;
type Target = Readonly<{ id: string; expectedVersion?: number }>; // the version that the user saw
export type Inputs = {
  createTask: Pick<Details, 'title'> & Partial<Details> & Readonly<{ parentId?: string }>;
  updateTask: Target & Partial<Details>; setTaskStatus: Target & Pick<Task, 'status'>; deleteTask: Target; restoreTask: Target;
};
/** A change of the task `id` that is not confirmed yet; `sent` if an answer may have been lost. */
export type Mutation = { [N in keyof Inputs]: Readonly<{ name: N; input: Inputs[N] }> }[keyof Inputs] &
  Readonly<{ clientMutationId: string; id: string; at: string; sent: boolean }>;
export type UserError = Readonly<{ code: string; message: string; field: readonly string[] | null }>;
/** What is on screen: the server's state with the pending mutations applied, without deleted tasks. */
export type Snapshot = Readonly<{
  tasks: ReadonlyMap<string, Task>; notifications: ReadonlyMap<string, Notification>; pending: readonly Mutation[]; online: boolean;
}>;
export type Options = Readonly<{
  url: string; ownerId: string; // AppSync's GraphQL endpoint; whose tasks
  /** Headers that show who calls, `x-api-key` or `Authorization`; `refused` if the API no longer took the last ones. */
  auth: (refused: boolean) => Promise<Readonly<Record<string, string>>>;
  /** Keeps one JSON document, for one client at a time. */
  storage: Readonly<{ get: () => Promise<string | null>; set: (document: string) => Promise<void> }>;
  /** The server refused a mutation, which is no longer shown. */
  onRefused: (mutation: Mutation, errors: readonly UserError[]) => void;
  askEveryMs?: number; // for what no push told; 5 minutes
  fetch?: typeof fetch; WebSocket?: new (url: string, protocols: string[]) => WebSocket; // and what tests replace besides:
  now?: () => number; random?: () => number; setTimeout?: (action: () => void, ms: number) => unknown; clearTimeout?: (timer: unknown) => void;
}>;
