import { useCallback, useMemo, useRef } from 'react';
import {
  PipelineCountsDocument,
  PipelineFiguresDocument,
  PipelineQueuesDocument,
} from '../../api/operations';
import { request } from '../../api/request';
import type { Session } from '../../session/session';
import { useSession } from '../context';
import { merged, type Answers, type Figures } from './figures';
import { usePolling } from './usePolling';

/** Counting executions takes five requests to Step Functions, and CloudWatch has new values once a minute. */
export const SECONDS = { queues: 5, executions: 15, metrics: 60 } as const;
const EARLY_MS = 500; // a timer may be early

/** The figures of the pipeline, each read as often as it is worth it. */
export function useFigures(paused: boolean): { figures: Figures; refresh: () => void } {
  const session = useSession();
  const readAt = useRef({ executions: 0, metrics: 0 });
  const read = useCallback(async () => {
    const now = Date.now() + EARLY_MS;
    const isDue = (part: 'executions' | 'metrics'): boolean =>
      now >= readAt.current[part] + SECONDS[part] * 1_000;
    const answers = await readParts(session, isDue('executions'), isDue('metrics'));
    if (answers.executions) readAt.current.executions = now;
    if (answers.metrics) readAt.current.metrics = now;
    return answers;
  }, [session]);
  const { data, problem, refresh } = usePolling<Answers>(read, SECONDS.queues, paused);
  const figures = useMemo(() => merged(data, problem), [data, problem]);
  return { figures, refresh };
}

/** One request: for queues alone, or for what is due with them. */
async function readParts(session: Session, executions: boolean, metrics: boolean): Promise<Partial<Answers>> {
  if (metrics) {
    const { pipeline } = await request(session, PipelineFiguresDocument, {});
    return pipeline ? { queues: pipeline, executions: pipeline, metrics: pipeline } : {};
  }
  if (executions) {
    const { pipeline } = await request(session, PipelineCountsDocument, {});
    return pipeline ? { queues: pipeline, executions: pipeline } : {};
  }
  const { pipeline } = await request(session, PipelineQueuesDocument, {});
  return pipeline ? { queues: pipeline } : {};
}
