import { expect, test } from 'vitest';
import { chosenOperation } from '../../src/explorer/fetcher';

const TWO = 'query One { a } subscription Two { b { ...F } } fragment F on B { c }';

test('the operation that was chosen runs, alone if it is a subscription among others', () => {
  expect(chosenOperation(TWO, 'One')).toMatchObject({ name: 'One', kind: 'query' });
  const { name, kind, alone } = chosenOperation(TWO, 'Two');
  expect([name, kind]).toEqual(['Two', 'subscription']);
  expect(alone.replaceAll(/\s+/g, ' ')).toBe('subscription Two { b { ...F } } fragment F on B { c }');
});

test('the name of the former tab is not taken for this one', () => {
  expect(chosenOperation('mutation Create { a }', 'Follow')).toMatchObject({
    name: 'Create',
    kind: 'mutation',
  });
  expect(chosenOperation('{ a }', 'Follow')).toMatchObject({ name: undefined, kind: 'query' });
});

test.each(['', '{', 'fragment F on B { c }'])('what has no operation is left to the API: %s', (query) => {
  expect(chosenOperation(query, 'Given')).toEqual({ name: 'Given', alone: query });
});
