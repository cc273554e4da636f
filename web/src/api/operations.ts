/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type StudentsQueryVariables = Exact<{
  search?: string | null | undefined;
}>;


export type StudentsQuery = { students: { nodes: Array<{ ownerId: string, name: string }>, pageInfo: { hasNextPage: boolean } } | null };

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