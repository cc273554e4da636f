import type { Task } from '@taskbell/sync-client';
import { t } from '../../../languages/languages';
import { useNow } from '../../shell/useNow';
import { formatMoment } from '../../tasks/dates';
import { nextMoment } from './nextMoment';
import type { Processing } from './useTimeline';

const STATES = ['QUEUED', 'RUNNING', 'WAITING'] as const;
type State = Task['processing']['state'];

/** The pipeline's states in their order, of which one is the current one. */
export function Steps({ task, processing }: { task: Task; processing: Processing | null }) {
  const now = useNow();
  const { state, error } = task.processing;
  const failed = state === 'FAILED';
  const states: readonly State[] = [...STATES, failed ? 'FAILED' : 'SUCCEEDED'];
  const current = states.indexOf(state);
  const until = nextMoment(task, now);
  const details: Partial<Record<State, string | null | undefined>> = {
    RUNNING: processing?.startedAt,
    [states.at(-1)!]: processing?.finishedAt,
  };
  return (
    <>
      <ol className="steps" data-state={state}>
        {states.map((name, index) => (
          <li
            key={name}
            data-state={name}
            data-passed={index < current || undefined}
            aria-current={index === current ? 'step' : undefined}
          >
            <span>{t(`processing.${name}`)}</span>
            {details[name] && index <= current && <small>{formatMoment(details[name])}</small>}
          </li>
        ))}
      </ol>
      <p className="note" role="status">
        {t(`processing.${state}.words`)}
        {state === 'WAITING' && until && ` ${t('processing.until', { moment: formatMoment(until) })}`}
      </p>
      {failed && (
        <p className="problem" dir="auto">
          {t('processing.cause', { cause: error ?? processing?.error ?? '', step: processing?.step ?? '' })}
        </p>
      )}
    </>
  );
}
