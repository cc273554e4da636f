/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A new list. */
export type CreateTaskListInput = {
  /** The client's own id of the change, `[A-Za-z0-9_-]{1,64}`: within a day, a repetition has no second effect and succeeds, with what is stored then. */
  clientMutationId?: string | null | undefined;
  /** Six hexadecimal digits: #1a73e8. */
  color?: string | null | undefined;
  /** 1 to 100 characters, after trimming white space. */
  name: string;
  /** Its place among the owner's lists; defaults to behind all others. A text as `generateKeyBetween` of the npm package `fractional-indexing` makes it. */
  rank?: string | null | undefined;
  /** At most 30, in their order. */
  sections?: Array<TaskListSectionInput> | null | undefined;
};

/** What failed. EVENT: handling an event; EXECUTION: an execution of the workflow; CHANGES: forwarding records of the table's stream; UNKNOWN: the message cannot be parsed. */
export type DeadLetterKind =
  | 'CHANGES'
  | 'EVENT'
  | 'EXECUTION'
  | 'UNKNOWN';

/** A list to delete. */
export type DeleteTaskListInput = {
  /** The client's own id of the change, `[A-Za-z0-9_-]{1,64}`: within a day, a repetition has no second effect and succeeds, with what is stored then. */
  clientMutationId?: string | null | undefined;
  /** The list's id. */
  id: string;
  /** KEEP only: the list that they come into; without one, into none. */
  moveToListId?: string | null | undefined;
  /** What becomes of its tasks. */
  tasks: TasksOfDeletedList;
};

/** Notifications to dismiss: they leave the list. */
export type DismissNotificationsInput = {
  /** The client's own id of the change, `[A-Za-z0-9_-]{1,64}`: within a day, a repetition has no second effect and succeeds, with what is stored then. */
  clientMutationId?: string | null | undefined;
  /** The ids of 1 to 25 notifications. */
  ids: Array<string>;
};

/** The trash is to be emptied. */
export type EmptyTrashInput = {
  /** The client's own id of the change, `[A-Za-z0-9_-]{1,64}`: within a day, a repetition has no second effect and succeeds, with what is stored then. */
  clientMutationId?: string | null | undefined;
};

/** Why a request failed. */
export type ErrorCode =
  /** The task was changed meanwhile, or the id is in use. */
  | 'CONFLICT'
  /** A limit was exceeded. */
  | 'LIMIT_EXCEEDED'
  /** The task or dead letter does not exist, or the caller may not access it. */
  | 'NOT_FOUND'
  /** A required service did not respond. */
  | 'UNAVAILABLE'
  /** The input is not valid; see `field`. */
  | 'VALIDATION';

/** The status of an execution of the workflow, as Step Functions names it. RUNNING executions include those that wait for a reminder or a due date. */
export type ExecutionStatus =
  | 'ABORTED'
  | 'FAILED'
  | 'PENDING_REDRIVE'
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'TIMED_OUT';

/** Notifications to mark as read, by time. */
export type MarkNotificationsReadInput = {
  /** The client's own id of the change, `[A-Za-z0-9_-]{1,64}`: within a day, a repetition has no second effect and succeeds, with what is stored then. */
  clientMutationId?: string | null | undefined;
  /** All that were sent until then: `sentAt` of the newest one seen. */
  until: string;
};

/** The state of a task's processing. */
export type ProcessingState =
  | 'FAILED'
  | 'QUEUED'
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'WAITING';

/** A deleted task to delete for good. */
export type PurgeTaskInput = {
  /** The client's own id of the change, `[A-Za-z0-9_-]{1,64}`: within a day, a repetition has no second effect and succeeds, with what is stored then. */
  clientMutationId?: string | null | undefined;
  /** CONFLICT if the task was edited after this version. */
  expectedVersion?: number | null | undefined;
  /** The task's id or key. */
  id: string;
};

/** Hours of the day in which no reminder is sent. */
export type QuietHoursInput = {
  /** A local time: 22:00. */
  from: string;
  /** Another local time, on the next day if it is the earlier one: 07:00. */
  to: string;
};

/** Notifications to mark as read, by their ids. */
export type ReadNotificationsInput = {
  /** The client's own id of the change, `[A-Za-z0-9_-]{1,64}`: within a day, a repetition has no second effect and succeeds, with what is stored then. */
  clientMutationId?: string | null | undefined;
  /** The ids of 1 to 25 notifications. */
  ids: Array<string>;
};

/** The dead letters to redrive: either `ids` or `all`. */
export type RedriveDeadLettersInput = {
  /** True for all that the queues return, at most 100 in one call. */
  all?: boolean | null | undefined;
  /** The ids of 1 to 25 dead letters. */
  ids?: Array<string> | null | undefined;
};

/** The outcome of redriving a dead letter. SENT: sent to the event queue again; STARTED: restarted as a new execution; FORWARDED: passed to its function again; KEPT: left in its queue. */
export type RedriveOutcome =
  | 'FORWARDED'
  | 'KEPT'
  | 'SENT'
  | 'STARTED';

/** An open occurrence of a recurring task to skip. */
export type SkipOccurrenceInput = {
  /** The client's own id of the change, `[A-Za-z0-9_-]{1,64}`: within a day, a repetition has no second effect and succeeds, with what is stored then. */
  clientMutationId?: string | null | undefined;
  /** CONFLICT if the task was edited after this version. */
  expectedVersion?: number | null | undefined;
  /** The task's id or key. */
  id: string;
};

/** A notification to dismiss, and to send again later. */
export type SnoozeNotificationInput = {
  /** The client's own id of the change, `[A-Za-z0-9_-]{1,64}`: within a day, a repetition has no second effect and succeeds, with what is stored then. */
  clientMutationId?: string | null | undefined;
  /** The notification's id. */
  id: string;
  /** When to remind again: in the future. */
  until: string;
};

/** Type of a change. */
export type TaskEventType =
  | 'CREATED'
  | 'DELETED'
  | 'OVERDUE'
  | 'PROCESSING_CHANGED'
  | 'REMINDED'
  | 'RESTORED'
  | 'STATUS_CHANGED'
  | 'UPDATED';

/** A section of a list. */
export type TaskListSectionInput = {
  /** The id of a section that the list has; without one, it is new. */
  id?: string | null | undefined;
  /** 1 to 100 characters, after trimming white space. */
  name: string;
};

/** The student's progress. */
export type TaskStatus =
  | 'COMPLETED'
  | 'IN_PROGRESS'
  | 'PENDING';

/** What becomes of the tasks of a list that is deleted: they stay, or are deleted as `deleteTask` does. */
export type TasksOfDeletedList =
  | 'DELETE'
  | 'KEEP';

/** Changes to take back. */
export type UndoInput = {
  /** The client's own id of the change, `[A-Za-z0-9_-]{1,64}`: within a day, a repetition has no second effect and succeeds, with what is stored then. */
  clientMutationId?: string | null | undefined;
  /** `undo` of 1 to 25 payloads of the last ten minutes. */
  tokens: Array<string>;
};

/** Why a figure is null. NOT_MEASURED: CloudWatch has no value of late, because nothing happened or it is not known yet; UNAVAILABLE: AWS did not answer, try again. */
export type UnknownReason =
  | 'NOT_MEASURED'
  | 'UNAVAILABLE';

/** New details of a list. Omitted fields stay unchanged. */
export type UpdateTaskListInput = {
  /** Whether it is archived. */
  archived?: boolean | null | undefined;
  /** The client's own id of the change, `[A-Za-z0-9_-]{1,64}`: within a day, a repetition has no second effect and succeeds, with what is stored then. */
  clientMutationId?: string | null | undefined;
  /** Six hexadecimal digits; null for none. */
  color?: string | null | undefined;
  /** CONFLICT if the list was changed after this version. */
  expectedVersion?: number | null | undefined;
  /** The list's id. */
  id: string;
  /** 1 to 100 characters; cannot be cleared. */
  name?: string | null | undefined;
  /** Another place among the owner's lists; cannot be cleared. A text as `generateKeyBetween` of the npm package `fractional-indexing` makes it. */
  rank?: string | null | undefined;
  /** Replaces all sections. Tasks of one that is left out are in none, whatever their `sectionId`. */
  sections?: Array<TaskListSectionInput> | null | undefined;
};

/** New settings of the caller. Omitted fields stay unchanged; null restores the default. */
export type UpdateViewerInput = {
  /** The client's own id of the change, `[A-Za-z0-9_-]{1,64}`: within a day, a repetition has no second effect and succeeds, with what is stored then. */
  clientMutationId?: string | null | undefined;
  /** At most 10 values of 0 to 43,200 minutes. */
  defaultReminders?: Array<number> | null | undefined;
  /** In the time zone of these settings; null for none. */
  quietHours?: QuietHoursInput | null | undefined;
  /** An IANA name: Europe/Vienna. */
  timeZone?: string | null | undefined;
};

export type NotificationsQueryVariables = Exact<{ [key: string]: never; }>;


export type NotificationsQuery = { notifications: { unreadCount: number, nodes: Array<{ id: string, taskId: string, sentAt: string, title: string, dueAt: string | null, read: boolean }> } | null };

export type ReadNotificationsMutationVariables = Exact<{
  input: ReadNotificationsInput;
}>;


export type ReadNotificationsMutation = { readNotifications: { errors: Array<{ message: string }> } };

export type MarkNotificationsReadMutationVariables = Exact<{
  input: MarkNotificationsReadInput;
}>;


export type MarkNotificationsReadMutation = { markNotificationsRead: { errors: Array<{ message: string }> } };

export type DismissNotificationsMutationVariables = Exact<{
  input: DismissNotificationsInput;
}>;


export type DismissNotificationsMutation = { dismissNotifications: { errors: Array<{ message: string }> } };

export type SnoozeNotificationMutationVariables = Exact<{
  input: SnoozeNotificationInput;
}>;


export type SnoozeNotificationMutation = { snoozeNotification: { errors: Array<{ message: string }> } };

export type StudentsQueryVariables = Exact<{
  search?: string | null | undefined;
}>;


export type StudentsQuery = { students: { nodes: Array<{ ownerId: string, name: string }>, pageInfo: { hasNextPage: boolean } } | null };

export type SkipOccurrenceMutationVariables = Exact<{
  input: SkipOccurrenceInput;
}>;


export type SkipOccurrenceMutation = { skipOccurrence: { undo: string | null, task: { id: string } | null, next: { id: string } | null, errors: Array<{ message: string }> } };

export type TaskTimelineQueryVariables = Exact<{
  id: string;
  ownerId: string;
  after?: string | null | undefined;
}>;


export type TaskTimelineQuery = { task: { id: string, processing: { step: string | null, error: string | null, startedAt: string | null, finishedAt: string | null } } | null, activity: { nodes: Array<{ id: string, version: number, at: string, type: TaskEventType, actor: string | null, changes: Array<{ field: string, before: string | null, after: string | null }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type CreateTaskListMutationVariables = Exact<{
  input: CreateTaskListInput;
}>;


export type CreateTaskListMutation = { createTaskList: { undo: string | null, taskList: { id: string } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type UpdateTaskListMutationVariables = Exact<{
  input: UpdateTaskListInput;
}>;


export type UpdateTaskListMutation = { updateTaskList: { undo: string | null, taskList: { id: string } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type DeleteTaskListMutationVariables = Exact<{
  input: DeleteTaskListInput;
}>;


export type DeleteTaskListMutation = { deleteTaskList: { hasMore: boolean, undo: string | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type UndoMutationVariables = Exact<{
  input: UndoInput;
}>;


export type UndoMutation = { undo: Array<{ errors: Array<{ code: ErrorCode, message: string }> }> };

export type TaskStatsQueryVariables = Exact<{
  ownerId?: string | null | undefined;
}>;


export type TaskStatsQuery = { taskStats: { pending: number, inProgress: number, completed: number, overdue: number, completedThisWeek: number, streakDays: number } | null };

export type TrashQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type TrashQuery = { trash: { nodes: Array<{ id: string, title: string, deletedAt: string | null, restorableUntil: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type PurgeTasksMutationVariables = Exact<{
  input: Array<PurgeTaskInput> | PurgeTaskInput;
}>;


export type PurgeTasksMutation = { purgeTasks: Array<{ purgedTaskId: string | null, errors: Array<{ code: ErrorCode, message: string }> }> };

export type EmptyTrashMutationVariables = Exact<{
  input: EmptyTrashInput;
}>;


export type EmptyTrashMutation = { emptyTrash: { purgedTaskIds: Array<string>, hasMore: boolean, errors: Array<{ code: ErrorCode, message: string }> } };

export type DeadLettersQueryVariables = Exact<{ [key: string]: never; }>;


export type DeadLettersQuery = { deadLetters: { unseen: number, nodes: Array<{ id: string, kind: DeadLetterKind, queue: string, ownerId: string | null, taskId: string | null, sentAt: string | null, cause: string | null, receiveCount: number, body: string }> } | null };

export type RedriveMutationVariables = Exact<{
  input: RedriveDeadLettersInput;
}>;


export type RedriveMutation = { redriveDeadLetters: { remaining: number | null, letters: Array<{ outcome: RedriveOutcome, detail: string, letter: { id: string } }>, errors: Array<{ code: ErrorCode, message: string }> } };

export type PipelineQueuesQueryVariables = Exact<{ [key: string]: never; }>;


export type PipelineQueuesQuery = { pipeline: { readAt: string, taskEvents: { visible: number | null, inFlight: number | null, delayed: number | null }, taskEventsDeadLetters: { visible: number | null, inFlight: number | null }, unforwardedChanges: { visible: number | null, inFlight: number | null }, unknown: Array<{ figure: string, reason: UnknownReason }> } | null };

export type PipelineCountsQueryVariables = Exact<{ [key: string]: never; }>;


export type PipelineCountsQuery = { pipeline: { readAt: string, taskEvents: { visible: number | null, inFlight: number | null, delayed: number | null }, taskEventsDeadLetters: { visible: number | null, inFlight: number | null }, unforwardedChanges: { visible: number | null, inFlight: number | null }, table: { status: string | null, itemCount: number | null }, executions: Array<{ status: ExecutionStatus, count: number | null, atLeast: boolean | null }>, unknown: Array<{ figure: string, reason: UnknownReason }> } | null };

export type PipelineFiguresQueryVariables = Exact<{ [key: string]: never; }>;


export type PipelineFiguresQuery = { pipeline: { readAt: string, taskEvents: { visible: number | null, inFlight: number | null, delayed: number | null, oldestAgeSeconds: number | null, measuredAt: string | null }, taskEventsDeadLetters: { visible: number | null, inFlight: number | null }, unforwardedChanges: { visible: number | null, inFlight: number | null }, table: { status: string | null, itemCount: number | null }, executions: Array<{ status: ExecutionStatus, count: number | null, atLeast: boolean | null }>, forwardChanges: { lagSeconds: number | null, measuredAt: string | null }, pushNotifications: { lagSeconds: number | null, measuredAt: string | null }, pushes: { delivered: number | null, deliveredAt: string | null, subscriptions: number | null, subscriptionsAt: string | null }, unknown: Array<{ figure: string, reason: UnknownReason }> } | null };

export type TaskTraceQueryVariables = Exact<{
  id: string;
  ownerId?: string | null | undefined;
}>;


export type TaskTraceQuery = { taskTrace: { ownerId: string, taskId: string, scheduleVersion: number | null, invalidItem: string | null, omittedEvents: number, omittedSchedules: number, unseenDeadLetters: number, task: { id: string, title: string, status: TaskStatus, deletedAt: string | null, processing: { state: ProcessingState, error: string | null } } | null, events: Array<{ version: number | null, at: string | null, type: string | null, actor: string | null, processing: string, changes: Array<{ field: string, before: string | null, after: string | null }> }>, executions: Array<{ name: string, scheduleVersion: number | null, status: ExecutionStatus, startedAt: string, stoppedAt: string | null, error: string | null, cause: string | null, states: Array<{ name: string, enteredAt: string, leftAt: string | null }> }>, deadLetters: Array<{ id: string, kind: DeadLetterKind, sentAt: string | null, cause: string | null }> } | null };

export type ViewerSettingsQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerSettingsQuery = { viewer: { timeZone: string, defaultReminders: Array<number>, quietHours: { from: string, to: string } | null } | null };

export type UpdateViewerMutationVariables = Exact<{
  input: UpdateViewerInput;
}>;


export type UpdateViewerMutation = { updateViewer: { viewer: { timeZone: string, defaultReminders: Array<number>, quietHours: { from: string, to: string } | null } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { ownerId: string, name: string, groups: Array<string>, timeZone: string, defaultReminders: Array<number> } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const NotificationsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Notifications {
  notifications(first: 50) {
    nodes {
      id
      taskId
      sentAt
      title
      dueAt
      read
    }
    unreadCount
  }
}
    `) as unknown as TypedDocumentString<NotificationsQuery, NotificationsQueryVariables>;
export const ReadNotificationsDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ReadNotifications($input: ReadNotificationsInput!) {
  readNotifications(input: $input) {
    errors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ReadNotificationsMutation, ReadNotificationsMutationVariables>;
export const MarkNotificationsReadDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation MarkNotificationsRead($input: MarkNotificationsReadInput!) {
  markNotificationsRead(input: $input) {
    errors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<MarkNotificationsReadMutation, MarkNotificationsReadMutationVariables>;
export const DismissNotificationsDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DismissNotifications($input: DismissNotificationsInput!) {
  dismissNotifications(input: $input) {
    errors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<DismissNotificationsMutation, DismissNotificationsMutationVariables>;
export const SnoozeNotificationDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation SnoozeNotification($input: SnoozeNotificationInput!) {
  snoozeNotification(input: $input) {
    errors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<SnoozeNotificationMutation, SnoozeNotificationMutationVariables>;
export const StudentsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Students($search: String) {
  students(first: 20, search: $search) {
    nodes {
      ownerId
      name
    }
    pageInfo {
      hasNextPage
    }
  }
}
    `) as unknown as TypedDocumentString<StudentsQuery, StudentsQueryVariables>;
export const SkipOccurrenceDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation SkipOccurrence($input: SkipOccurrenceInput!) {
  skipOccurrence(input: $input) {
    task {
      id
    }
    next {
      id
    }
    undo
    errors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<SkipOccurrenceMutation, SkipOccurrenceMutationVariables>;
export const TaskTimelineDocument = /*#__PURE__*/ new TypedDocumentString(`
    query TaskTimeline($id: ID!, $ownerId: ID!, $after: String) {
  task(id: $id, ownerId: $ownerId) {
    id
    processing {
      step
      error
      startedAt
      finishedAt
    }
  }
  activity(taskId: $id, ownerId: $ownerId, first: 20, after: $after) {
    nodes {
      id
      version
      at
      type
      actor
      changes {
        field
        before
        after
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<TaskTimelineQuery, TaskTimelineQueryVariables>;
export const CreateTaskListDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CreateTaskList($input: CreateTaskListInput!) {
  createTaskList(input: $input) {
    taskList {
      id
    }
    undo
    errors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<CreateTaskListMutation, CreateTaskListMutationVariables>;
export const UpdateTaskListDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation UpdateTaskList($input: UpdateTaskListInput!) {
  updateTaskList(input: $input) {
    taskList {
      id
    }
    undo
    errors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateTaskListMutation, UpdateTaskListMutationVariables>;
export const DeleteTaskListDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DeleteTaskList($input: DeleteTaskListInput!) {
  deleteTaskList(input: $input) {
    hasMore
    undo
    errors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<DeleteTaskListMutation, DeleteTaskListMutationVariables>;
export const UndoDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation Undo($input: UndoInput!) {
  undo(input: $input) {
    errors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<UndoMutation, UndoMutationVariables>;
export const TaskStatsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query TaskStats($ownerId: ID) {
  taskStats(ownerId: $ownerId) {
    pending
    inProgress
    completed
    overdue
    completedThisWeek
    streakDays
  }
}
    `) as unknown as TypedDocumentString<TaskStatsQuery, TaskStatsQueryVariables>;
export const TrashDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Trash($first: Int!, $after: String) {
  trash(first: $first, after: $after) {
    nodes {
      id
      title
      deletedAt
      restorableUntil
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<TrashQuery, TrashQueryVariables>;
export const PurgeTasksDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation PurgeTasks($input: [PurgeTaskInput!]!) {
  purgeTasks(input: $input) {
    purgedTaskId
    errors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<PurgeTasksMutation, PurgeTasksMutationVariables>;
export const EmptyTrashDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation EmptyTrash($input: EmptyTrashInput!) {
  emptyTrash(input: $input) {
    purgedTaskIds
    hasMore
    errors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<EmptyTrashMutation, EmptyTrashMutationVariables>;
export const DeadLettersDocument = /*#__PURE__*/ new TypedDocumentString(`
    query DeadLetters {
  deadLetters(first: 50) {
    nodes {
      id
      kind
      queue
      ownerId
      taskId
      sentAt
      cause
      receiveCount
      body
    }
    unseen
  }
}
    `) as unknown as TypedDocumentString<DeadLettersQuery, DeadLettersQueryVariables>;
export const RedriveDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation Redrive($input: RedriveDeadLettersInput!) {
  redriveDeadLetters(input: $input) {
    letters {
      letter {
        id
      }
      outcome
      detail
    }
    remaining
    errors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RedriveMutation, RedriveMutationVariables>;
export const PipelineQueuesDocument = /*#__PURE__*/ new TypedDocumentString(`
    query PipelineQueues {
  pipeline {
    readAt
    taskEvents {
      visible
      inFlight
      delayed
    }
    taskEventsDeadLetters {
      visible
      inFlight
    }
    unforwardedChanges {
      visible
      inFlight
    }
    unknown {
      figure
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<PipelineQueuesQuery, PipelineQueuesQueryVariables>;
export const PipelineCountsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query PipelineCounts {
  pipeline {
    readAt
    taskEvents {
      visible
      inFlight
      delayed
    }
    taskEventsDeadLetters {
      visible
      inFlight
    }
    unforwardedChanges {
      visible
      inFlight
    }
    table {
      status
      itemCount
    }
    executions {
      status
      count
      atLeast
    }
    unknown {
      figure
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<PipelineCountsQuery, PipelineCountsQueryVariables>;
export const PipelineFiguresDocument = /*#__PURE__*/ new TypedDocumentString(`
    query PipelineFigures {
  pipeline {
    readAt
    taskEvents {
      visible
      inFlight
      delayed
      oldestAgeSeconds
      measuredAt
    }
    taskEventsDeadLetters {
      visible
      inFlight
    }
    unforwardedChanges {
      visible
      inFlight
    }
    table {
      status
      itemCount
    }
    executions {
      status
      count
      atLeast
    }
    forwardChanges {
      lagSeconds
      measuredAt
    }
    pushNotifications {
      lagSeconds
      measuredAt
    }
    pushes {
      delivered
      deliveredAt
      subscriptions
      subscriptionsAt
    }
    unknown {
      figure
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<PipelineFiguresQuery, PipelineFiguresQueryVariables>;
export const TaskTraceDocument = /*#__PURE__*/ new TypedDocumentString(`
    query TaskTrace($id: ID!, $ownerId: ID) {
  taskTrace(id: $id, ownerId: $ownerId) {
    ownerId
    taskId
    scheduleVersion
    task {
      id
      title
      status
      deletedAt
      processing {
        state
        error
      }
    }
    invalidItem
    events {
      version
      at
      type
      actor
      processing
      changes {
        field
        before
        after
      }
    }
    omittedEvents
    executions {
      name
      scheduleVersion
      status
      startedAt
      stoppedAt
      error
      cause
      states {
        name
        enteredAt
        leftAt
      }
    }
    omittedSchedules
    deadLetters {
      id
      kind
      sentAt
      cause
    }
    unseenDeadLetters
  }
}
    `) as unknown as TypedDocumentString<TaskTraceQuery, TaskTraceQueryVariables>;
export const ViewerSettingsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ViewerSettings {
  viewer {
    timeZone
    defaultReminders
    quietHours {
      from
      to
    }
  }
}
    `) as unknown as TypedDocumentString<ViewerSettingsQuery, ViewerSettingsQueryVariables>;
export const UpdateViewerDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation UpdateViewer($input: UpdateViewerInput!) {
  updateViewer(input: $input) {
    viewer {
      timeZone
      defaultReminders
      quietHours {
        from
        to
      }
    }
    errors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateViewerMutation, UpdateViewerMutationVariables>;
export const ViewerDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Viewer {
  viewer {
    ownerId
    name
    groups
    timeZone
    defaultReminders
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;