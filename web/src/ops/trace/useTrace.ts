import { useEffect, useState } from 'react';
import { TaskTraceDocument, type TaskTraceQuery } from '../../api/operations';
import { request } from '../../api/request';
import { useSession } from '../context';
import { parseTraced } from './route';

export type Trace = NonNullable<TaskTraceQuery['taskTrace']>;
export type TraceState =
  | { readonly kind: 'none' | 'loading' | 'nothing' }
  | { readonly kind: 'failed'; readonly problem: string }
  | { readonly kind: 'found'; readonly trace: Trace };

interface Answered {
  readonly asked: string;
  readonly state: TraceState;
}

/** The trace of the task that the hash names, read once for each `turn`. */
export function useTrace(hash: string, turn: number): TraceState {
  const session = useSession();
  const asked = `${turn} ${hash}`;
  const [answered, setAnswered] = useState<Answered | null>(null);
  useEffect(() => {
    const traced = parseTraced(hash);
    if (!traced) return;
    let current = true;
    const answer = (state: TraceState): void => {
      if (current) setAnswered({ asked, state });
    };
    request(session, TaskTraceDocument, traced).then(
      ({ taskTrace: trace }) => answer(trace ? { kind: 'found', trace } : { kind: 'nothing' }),
      (error: unknown) => answer({ kind: 'failed', problem: String(error) }),
    );
    return () => {
      current = false;
    };
  }, [session, hash, asked]);
  if (!parseTraced(hash)) return { kind: 'none' };
  return answered?.asked === asked ? answered.state : { kind: 'loading' };
}
