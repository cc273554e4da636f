// A page of tasks that loads more, and a task that refetches itself: what Relay's compiler wants of a schema.
import { graphql } from 'react-relay';

export const query = graphql`
  query TaskListQuery($first: Int = 20) {
    ...TaskList_query @arguments(first: $first)
  }
`;

export const page = graphql`
  fragment TaskList_query on Query
  @refetchable(queryName: "TaskListPaginationQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
    tasks(first: $first, after: $after) @connection(key: "TaskList_tasks") {
      edges {
        node {
          id
          ...TaskList_task
        }
      }
    }
  }
`;

export const task = graphql`
  fragment TaskList_task on Task {
    title
    status
    dueAt
    version
  }
`;
