import { useEffect, useRef, type FocusEvent, type RefObject } from 'react';

export interface KeptFocus {
  readonly onFocus: (event: FocusEvent) => void;
  readonly onBlur: () => void;
  /** Focus the row at an index, or, where that is a heading, the next one in this direction. */
  readonly focusRow: (index: number, step: 1 | -1) => boolean;
}

const ROWS = '[data-index]';

/** Keeps the focus in a list when the row that has it goes: the row in its place gets it. */
export function useKeptFocus(scroller: RefObject<HTMLElement | null>): KeptFocus {
  const index = useRef<number | null>(null);
  const focusRow = (wanted: number, step: 1 | -1): boolean => {
    const row = scroller.current?.querySelector(`[data-index="${wanted}"]`);
    if (!row) return false;
    const title = row.querySelector<HTMLElement>('.title');
    if (!title) return focusRow(wanted + step, step);
    title.focus();
    return true;
  };
  useEffect(() => {
    const kept = index.current;
    if (kept === null || document.activeElement !== document.body) return;
    if (!focusRow(kept, 1)) focusRow(kept - 1, -1);
  });
  return {
    focusRow,
    onFocus: ({ target }) => {
      const row = target.closest<HTMLElement>(ROWS);
      index.current = row ? Number(row.dataset.index) : null;
    },
    onBlur: () => {
      index.current = null;
    },
  };
}
