/** Whoever becomes somebody else finds their open tabs anew: these go on with the new owner's id. */
import { parse, visit } from 'graphql';
import { visit as visitJson } from 'jsonc-parser';
import { edited, nameOf, type Edit } from '../examples/examples';

/** Where GraphiQL keeps its open tabs, and what its editors show. */
const TABS = 'graphiql:tabState';
const EDITORS = { variables: 'graphiql:variables', query: 'graphiql:query' } as const;
const OWNER = 'taskbell.explorer.owner';
const KEY = 'ownerId';

interface StoredTab {
  readonly query: string | null;
  readonly variables: string | null;
}

type Stored = Pick<Storage, 'getItem' | 'setItem'>;

/** Put the caller's id in the place of that of the former caller; to be called before GraphiQL starts. */
export function carryTabsOver(storage: Stored, ownerId: string): void {
  const former = storage.getItem(OWNER);
  storage.setItem(OWNER, ownerId);
  if (former === null || former === ownerId) return;
  const replace = (key: string, renewed: (text: string) => string): void => {
    const text = storage.getItem(key);
    if (text) storage.setItem(key, renewed(text));
  };
  replace(TABS, (text) => tabsFor(text, former, ownerId));
  replace(EDITORS.query, (text) => queryFor(text, former, ownerId));
  replace(EDITORS.variables, (text) => variablesFor(text, former, ownerId));
}

function tabsFor(text: string, former: string, ownerId: string): string {
  try {
    const state = JSON.parse(text) as { tabs: StoredTab[] };
    const tabs = state.tabs.map((tab) => ({
      ...tab,
      query: tab.query && queryFor(tab.query, former, ownerId),
      variables: tab.variables && variablesFor(tab.variables, former, ownerId),
    }));
    return JSON.stringify({ ...state, tabs });
  } catch {
    return text; // not GraphiQL's; it starts with new tabs then
  }
}

/** Variables, JSON with comments, with the owner's id wherever it stood as `ownerId`. */
export function variablesFor(text: string, former: string, ownerId: string): string {
  const edits: Edit[] = [];
  visitJson(text, {
    onLiteralValue(value, offset, length, _line, _character, path) {
      if (value === former && path().at(-1) === KEY)
        edits.push({ start: offset, end: offset + length, text: JSON.stringify(ownerId) });
    },
  });
  return edited(text, edits);
}

/** A document with the owner's id wherever it stood as `ownerId`; what is not GraphQL yet stays as it is. */
export function queryFor(text: string, former: string, ownerId: string): string {
  const edits: Edit[] = [];
  try {
    visit(parse(text), {
      StringValue({ value, loc }, _key, parent) {
        if (loc && nameOf(parent) === KEY && value === former)
          edits.push({ start: loc.start, end: loc.end, text: JSON.stringify(ownerId) });
      },
    });
  } catch {
    return text;
  }
  return edited(text, edits);
}
