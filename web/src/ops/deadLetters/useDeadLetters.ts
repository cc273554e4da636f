import { useCallback, useEffect, useRef, useState } from 'react';
import { DeadLettersDocument, type DeadLettersQuery } from '../../api/operations';
import { request } from '../../api/request';
import { useSession } from '../context';

type Found = NonNullable<DeadLettersQuery['deadLetters']>;
export type DeadLetter = Found['nodes'][number];

export interface DeadLetters {
  readonly found: Found | null;
  readonly loading: boolean;
  readonly problem: string;
}

const NONE: Found = { nodes: [], unseen: 0 };

/** The dead letters. Reading them counts and hides them briefly, so they are read when their number has changed. */
export function useDeadLetters(count: number | null): DeadLetters & { reload: () => void } {
  const session = useSession();
  const [deadLetters, setDeadLetters] = useState<DeadLetters>({ found: null, loading: false, problem: '' });
  const latest = useRef(0);
  const read = useCallback(() => {
    const turn = ++latest.current;
    const unlessLate = (next: (before: DeadLetters) => DeadLetters): void => {
      if (turn === latest.current) setDeadLetters(next);
    };
    request(session, DeadLettersDocument, {}).then(
      ({ deadLetters }) => unlessLate(() => ({ found: deadLetters, loading: false, problem: '' })),
      (error: unknown) => unlessLate(({ found }) => ({ found, loading: false, problem: String(error) })),
    );
  }, [session]);
  const reload = (): void => {
    setDeadLetters((before) => ({ ...before, loading: true }));
    read();
  };
  useEffect(() => {
    const hasRead = latest.current > 0;
    if (count || (count === 0 && hasRead)) read();
  }, [read, count]);
  const found = deadLetters.found ?? (count === 0 ? NONE : null);
  return { ...deadLetters, found, reload };
}
