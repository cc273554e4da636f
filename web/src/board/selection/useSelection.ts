import { createContext, useMemo, useState } from 'react';

/** Which tasks of a list are selected, to be changed together. */
export interface Selection {
  /** Whether rows have a box to select them, instead of the one that completes them. */
  readonly active: boolean;
  readonly ids: ReadonlySet<string>;
  readonly begin: () => void;
  readonly toggle: (id: string) => void;
  /** Select all from the one selected last to this one. */
  readonly extend: (id: string) => void;
  readonly all: () => void;
  readonly end: () => void;
}

interface State {
  readonly active: boolean;
  readonly ids: ReadonlySet<string>;
  readonly anchor: string | null;
}

const NONE: State = { active: false, ids: new Set(), anchor: null };

export const SelectionContext = createContext<Selection | null>(null);

/** The selection among these tasks: those that leave the list leave the selection. */
export function useSelection(order: readonly string[]): Selection {
  const [{ active, ids, anchor }, setState] = useState(NONE);
  const shown = useMemo(() => {
    const present = new Set(order);
    return new Set([...ids].filter((id) => present.has(id)));
  }, [order, ids]);
  const select = (wanted: Iterable<string>, last: string | null): void => {
    setState({ active: true, ids: new Set(wanted), anchor: last });
  };
  return {
    active,
    ids: shown,
    begin: () => {
      select([], null);
    },
    toggle: (id) => {
      const others = [...shown].filter((other) => other !== id);
      select(shown.has(id) ? others : [...others, id], id);
    },
    extend: (id) => {
      const [from, to] = [order.indexOf(anchor ?? id), order.indexOf(id)].sort((one, other) => one - other);
      select([...shown, ...order.slice(Math.max(from!, 0), to! + 1)], id);
    },
    all: () => {
      select(order, anchor);
    },
    end: () => {
      setState(NONE);
    },
  };
}
