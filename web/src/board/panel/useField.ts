import type { Task } from '@taskbell/sync-client';
import { useEffect, useId, useRef, useState } from 'react';
import { useStore } from '../store/context';
import { isSame, useRefused, useSend, type Change, type FieldName } from './edits';

interface Options<T> {
  readonly task: Task;
  /** The fields of `updateTask` that this one is of. */
  readonly names: readonly FieldName[];
  readonly stored: T;
  readonly toInput: (value: T) => Change;
  readonly fromInput: (input: Change) => T;
}

/** What is sent again when the panel closes in the middle of an edit. */
interface Draft<T> {
  readonly value: T;
  readonly begun: Task;
}

export interface Field<T> {
  /** What stands in the field: a draft, else what was refused, else what is stored. */
  readonly value: T;
  readonly problem: string | null;
  readonly problemId: string;
  /** For the control: says that it is refused, and where it is said why. */
  readonly described: { 'aria-invalid'?: true; 'aria-describedby'?: string };
  readonly change: (value: T) => void;
  /** Send the draft, if it differs from what is stored. */
  readonly finish: () => void;
  /** Change and send at once. */
  readonly set: (value: T) => void;
  /** Forget the draft, or what was refused. */
  readonly discard: () => void;
}

/** One field of a task as a person edits it. */
export function useField<T>({ task, names, stored, toInput, fromInput }: Options<T>): Field<T> {
  const store = useStore();
  const send = useSend(task);
  const problemId = useId();
  const refused = useRefused(task.id, names);
  const [draft, setDraft] = useState<Draft<T> | null>(null);
  const before = refused ? fromInput(refused.input) : stored;

  const commit = ({ value, begun }: Draft<T>): void => {
    setDraft(null);
    if (isSame(value, before)) return;
    if (refused) store.settleRefusal(refused.refusal);
    if (!isSame(value, stored)) send(toInput(value), begun);
  };
  const finish = (): void => {
    if (draft) commit(draft);
  };
  const latest = useRef(finish);
  useEffect(() => {
    latest.current = finish;
  });
  useEffect(() => () => latest.current(), []);

  return {
    value: draft ? draft.value : before,
    problem: refused?.message ?? null,
    problemId,
    described: refused ? { 'aria-invalid': true, 'aria-describedby': problemId } : {},
    change: (value) => setDraft({ value, begun: draft?.begun ?? task }),
    finish,
    set: (value) => commit({ value, begun: draft?.begun ?? task }),
    discard: () => {
      setDraft(null);
      if (refused) store.settleRefusal(refused.refusal);
    },
  };
}
