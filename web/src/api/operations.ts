/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
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

/** A deleted task to delete for good. */
export type PurgeTaskInput = {
  /** The client's own id of the change, `[A-Za-z0-9_-]{1,64}`: within a day, a repetition has no second effect and succeeds, with what is stored then. */
  clientMutationId?: string | null | undefined;
  /** CONFLICT if the task was edited after this version. */
  expectedVersion?: number | null | undefined;
  /** The task's id or key. */
  id: string;
};

export type StudentsQueryVariables = Exact<{
  search?: string | null | undefined;
}>;


export type StudentsQuery = { students: { nodes: Array<{ ownerId: string, name: string }>, pageInfo: { hasNextPage: boolean } } | null };

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