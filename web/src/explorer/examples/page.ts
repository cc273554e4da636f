import page from '../../../../docs/reference/graphql-api.md?raw';
import { examplesOf, tabOf, type Tab } from './examples';

export const EXAMPLES = examplesOf(page);

const FIRST = ['Me', 'Create', 'Follow'];

/** The tabs of a first visit: a query, a mutation, and the subscription to what becomes of the caller's tasks. */
export function firstTabs(ownerId: string): Tab[] {
  return FIRST.flatMap((wanted) => EXAMPLES.filter(({ name }) => name === wanted)).map((example) =>
    tabOf(example, ownerId),
  );
}
