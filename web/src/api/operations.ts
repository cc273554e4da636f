/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Notifications to dismiss: they leave the list. */
export type DismissNotificationsInput = {
  /** The client's own id of the change, `[A-Za-z0-9_-]{1,64}`: within a day, a repetition has no second effect and succeeds, with what is stored then. */
  clientMutationId?: string | null | undefined;
  /** The ids of 1 to 25 notifications. */
  ids: Array<string>;
};

/** Notifications to mark as read, by time. */
export type MarkNotificationsReadInput = {
  /** The client's own id of the change, `[A-Za-z0-9_-]{1,64}`: within a day, a repetition has no second effect and succeeds, with what is stored then. */
  clientMutationId?: string | null | undefined;
  /** All that were sent until then: `sentAt` of the newest one seen. */
  until: string;
};

/** Notifications to mark as read, by their ids. */
export type ReadNotificationsInput = {
  /** The client's own id of the change, `[A-Za-z0-9_-]{1,64}`: within a day, a repetition has no second effect and succeeds, with what is stored then. */
  clientMutationId?: string | null | undefined;
  /** The ids of 1 to 25 notifications. */
  ids: Array<string>;
};

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

/** Changes to take back. */
export type UndoInput = {
  /** The client's own id of the change, `[A-Za-z0-9_-]{1,64}`: within a day, a repetition has no second effect and succeeds, with what is stored then. */
  clientMutationId?: string | null | undefined;
  /** `undo` of 1 to 25 payloads of the last ten minutes. */
  tokens: Array<string>;
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

export type UndoMutationVariables = Exact<{
  input: UndoInput;
}>;


export type UndoMutation = { undo: Array<{ task: { id: string } | null, errors: Array<{ message: string }> }> };

export type TaskTimelineQueryVariables = Exact<{
  id: string;
  ownerId: string;
  after?: string | null | undefined;
}>;


export type TaskTimelineQuery = { task: { id: string, processing: { step: string | null, error: string | null, startedAt: string | null, finishedAt: string | null } } | null, activity: { nodes: Array<{ id: string, version: number, at: string, type: TaskEventType, actor: string | null, changes: Array<{ field: string, before: string | null, after: string | null }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

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
export const UndoDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation Undo($input: UndoInput!) {
  undo(input: $input) {
    task {
      id
    }
    errors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<UndoMutation, UndoMutationVariables>;
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