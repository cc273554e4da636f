import { describe, expect, test } from 'vitest';
import { carryTabsOver, queryFor, variablesFor } from '../../src/explorer/owner/ownerTabs';

const ADA = 'c2a9c1d0-1111-7000-8000-000000000001';

class Stored extends Map<string, string> {
  getItem = (key: string): string | null => this.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.set(key, value);
}

describe('variables', () => {
  test('get the new owner wherever the former stood as ownerId, and keep the rest to the letter', () => {
    const text = '{\n  // whose\n  "ownerId": "guest",  "input": { "ownerId": "guest", "title": "guest" } }';
    expect(variablesFor(text, 'guest', ADA)).toBe(
      `{\n  // whose\n  "ownerId": "${ADA}",  "input": { "ownerId": "${ADA}", "title": "guest" } }`,
    );
  });

  test.each(['', '{', '{"ownerId": "another"}', '{"ids": ["guest"]}', '[1,', '{"ownerId": null}'])(
    'stay as they are without the former owner: %s',
    (text) => {
      expect(variablesFor(text, 'guest', ADA)).toBe(text);
    },
  );

  test('may hold an id that has to be escaped', () => {
    expect(JSON.parse(variablesFor('{"ownerId": "a\\"b"}', 'a"b', 'c"d'))).toEqual({ ownerId: 'c"d' });
  });
});

describe('documents', () => {
  test('get the new owner where the former stands as ownerId', () => {
    const text = '{ tasks(ownerId: "guest", filter: { search: "guest" }) { nodes { id } } }';
    expect(queryFor(text, 'guest', ADA)).toBe(text.replace('"guest"', `"${ADA}"`));
  });

  test.each(['{ tasks(ownerId: "guest"', '{ node(id: "Task:guest:1") { id } }', ''])(
    'stay as they are otherwise: %s',
    (text) => {
      expect(queryFor(text, 'guest', ADA)).toBe(text);
    },
  );
});

describe('stored tabs', () => {
  const tab = (variables: string | null) => ({ id: '1', title: 'x', query: null, variables });
  const stateOf = (stored: Stored): unknown => JSON.parse(stored.get('graphiql:tabState')!);

  test('go on with the new owner, those of others stay', () => {
    const tabs = [tab('{"ownerId": "guest"}'), tab('{"ownerId": "grace"}'), tab(null)];
    const stored = new Stored([['graphiql:tabState', JSON.stringify({ activeTabIndex: 1, tabs })]]);
    stored.set('graphiql:variables', '{"ownerId": "guest"}');
    carryTabsOver(stored, 'guest');
    expect(stateOf(stored)).toEqual({ activeTabIndex: 1, tabs });
    carryTabsOver(stored, ADA);
    const [, ...others] = tabs;
    expect(stateOf(stored)).toEqual({
      activeTabIndex: 1,
      tabs: [tab(`{"ownerId": "${ADA}"}`), ...others],
    });
    expect(stored.get('graphiql:variables')).toBe(`{"ownerId": "${ADA}"}`);
    carryTabsOver(stored, 'guest');
    expect(stateOf(stored)).toEqual({ activeTabIndex: 1, tabs });
  });

  test.each(['no JSON', '{}', '{"tabs": [null]}'])('that are not ones stay as they are: %s', (text) => {
    const stored = new Stored([['graphiql:tabState', text]]);
    carryTabsOver(stored, 'guest');
    carryTabsOver(stored, ADA);
    expect(stored.get('graphiql:tabState')).toBe(text);
  });
});
