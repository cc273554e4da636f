import { useState } from 'react';
import { useRoute } from '../shell/route';
import { useBoard } from '../store/context';
import { today } from '../tasks/dates';
import { loadDateWords } from './dates/load';
import type { DateWords } from './dates/words';
import type { Draft, Meaning } from './draft';
import { parse } from './parse';

interface Writing {
  readonly text: string;
  /** Keys of removed chips. */
  readonly ignored: ReadonlySet<string>;
}

const NOTHING: Writing = { text: '', ignored: new Set() };

export interface DraftState extends Writing {
  readonly draft: Draft;
  readonly write: (text: string, ignored?: ReadonlySet<string>) => void;
  /** Load what is needed to read dates; resolves with the draft as it is then. */
  readonly readDates: () => Promise<Draft>;
  /** Read a text as if nobody had removed a chip. */
  readonly read: (text: string) => Draft;
}

/** The line that is being written and what it means. */
export function useDraft(): DraftState {
  const { lists } = useBoard();
  const { view, list } = useRoute();
  const [writing, setWriting] = useState(NOTHING);
  const [words, setWords] = useState<DateWords | null>(null);

  const defaults: Meaning[] = [];
  if (view === 'today') defaults.push({ kind: 'due', day: today(), time: null });
  if (view === 'lists' && list && lists.has(list)) defaults.push({ kind: 'list', listId: list });
  const read = ({ text, ignored }: Writing, dates: DateWords | null): Draft =>
    parse(text, { now: new Date(), lists: lists.values(), dates, ignored, defaults });

  const readDates = async (): Promise<Draft> => {
    const loaded = words ?? (await loadDateWords().catch(() => null)); // else dates stay words of the title
    setWords(loaded);
    return read(writing, loaded);
  };
  return {
    ...writing,
    draft: read(writing, words),
    write: (text, ignored = text ? writing.ignored : NOTHING.ignored) => {
      setWriting({ text, ignored });
    },
    readDates,
    read: (text) => read({ text, ignored: NOTHING.ignored }, words),
  };
}
