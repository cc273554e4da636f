import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { examplesOf, tabOf } from '../../src/explorer/examples/examples';
import { EXAMPLES, firstTabs } from '../../src/explorer/examples/page';

const schema = buildSchema(readFileSync(new URL('../../../schema.client.graphql', import.meta.url), 'utf8'));
const OWNER = 'c2a9c1d0-1111-7000-8000-000000000001';

test('an example has its name, its kind and the heading above it', () => {
  const page = [
    '# Page\n## First\n```graphql\nquery One { a }\n```',
    '### Second\nWords.\n```json\n{}\n```\n```graphql\nmutation Two {\n  b\n}\n```\n',
  ].join('\n');
  expect(examplesOf(page)).toEqual([
    { name: 'One', kind: 'query', section: 'First', query: 'query One { a }' },
    { name: 'Two', kind: 'mutation', section: 'Second', query: 'mutation Two {\n  b\n}' },
  ]);
});

describe('the examples of the documentation', () => {
  test('have names that differ', () => {
    expect(EXAMPLES.length).toBeGreaterThan(50);
    expect(new Set(EXAMPLES.map(({ name }) => name)).size).toBe(EXAMPLES.length);
  });

  test.each(EXAMPLES)('$name is valid as it is opened, and names nobody else', (example) => {
    const { query, variables } = tabOf(example, OWNER);
    expect(validate(schema, parse(query))).toEqual([]);
    expect(query + variables).not.toMatch(/"guest"|:guest\b/);
  });

  test('take the caller as a variable where the owner is an argument', () => {
    const follow = EXAMPLES.find(({ name }) => name === 'Follow')!;
    const { query, variables } = tabOf(follow, OWNER);
    expect(query).toContain('subscription Follow($ownerId: ID!) {');
    expect(query).toContain('onTaskEvent(ownerId: $ownerId)');
    expect(JSON.parse(variables)).toEqual({ ownerId: OWNER });
  });

  test("take the caller's id in the ids of what is theirs", () => {
    const fill = EXAMPLES.find(({ name }) => name === 'FillList')!;
    expect(tabOf(fill, OWNER).query).toContain(`listId: "TaskList:${OWNER}:1"`);
  });
});

test('a first visit has a query, a mutation and a subscription', () => {
  const kinds = firstTabs(OWNER).map(({ query }) => query.split(' ')[0]);
  expect(kinds).toEqual(['query', 'mutation', 'subscription']);
});
