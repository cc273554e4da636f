import { useCallback, useMemo } from 'react';
import {
  PipelineExecutionsDocument,
  PipelineMetricsDocument,
  PipelineQueuesDocument,
  type TypedDocumentString,
} from '../../api/operations';
import { request } from '../../api/request';
import { useSession } from '../context';
import { merged, type Figures } from './figures';
import { usePolling } from './usePolling';

/** Counting executions takes five requests to Step Functions, and CloudWatch has new values once a minute. */
export const SECONDS = { queues: 5, executions: 15, metrics: 60 } as const;

interface Answer<Pipeline> {
  readonly pipeline: Pipeline | null;
}

/** The figures of the pipeline, each read as often as it is worth it. */
export function useFigures(paused: boolean): { figures: Figures; refresh: () => void } {
  const queues = usePolling(useReader(PipelineQueuesDocument), SECONDS.queues, paused);
  const executions = usePolling(useReader(PipelineExecutionsDocument), SECONDS.executions, paused);
  const metrics = usePolling(useReader(PipelineMetricsDocument), SECONDS.metrics, paused);
  const problem = queues.problem || executions.problem || metrics.problem;
  const figures = useMemo(
    () => merged(queues.data, executions.data, metrics.data, problem),
    [queues.data, executions.data, metrics.data, problem],
  );
  return { figures, refresh: queues.refresh };
}

function useReader<Pipeline>(
  document: TypedDocumentString<Answer<Pipeline>, Record<string, never>>,
): () => Promise<Pipeline | null> {
  const session = useSession();
  return useCallback(async () => (await request(session, document, {})).pipeline, [session, document]);
}
