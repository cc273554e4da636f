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

/** A section of a list. */
export type TaskListSectionInput = {
  /** The id of a section that the list has; without one, it is new. */
  id?: string | null | undefined;
  /** 1 to 100 characters, after trimming white space. */
  name: string;
};

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