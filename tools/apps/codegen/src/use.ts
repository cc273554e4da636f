// What an app does with the client preset: a document types its answer.
import type { ResultOf } from '@graphql-typed-document-node/core';
import { graphql } from './gql';
import type { Scalars } from './types';

const query = graphql(`
  query DueDates {
    tasks(first: 20) {
      nodes {
        id
        dueAt
      }
    }
  }
`);

type Task = NonNullable<NonNullable<ResultOf<typeof query>['tasks']>['nodes']>[number];

export const isDue = (task: Task, now: Scalars['AWSDateTime']['output']): boolean => !!task.dueAt && task.dueAt <= now;
