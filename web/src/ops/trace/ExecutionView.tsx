import { t } from '../../languages/languages';
import { between, NOTHING, time } from '../format';
import type { Trace } from './useTrace';

/** An execution of the workflow: its states with their times, and why it failed or was stopped. */
export function ExecutionView({ execution }: { execution: Trace['executions'][number] }) {
  const { name, scheduleVersion, status, startedAt, stoppedAt, error, cause, states } = execution;
  const hasFailed = status === 'FAILED' || status === 'TIMED_OUT';
  return (
    <article className="execution stack" aria-label={name}>
      <p>
        <strong className={hasFailed ? 'bad' : ''}>{t(`execution.${status}`)}</strong> ·{' '}
        {t('trace.schedule', { version: scheduleVersion ?? NOTHING })} ·{' '}
        {t('trace.took', { from: time(startedAt), length: between(startedAt, stoppedAt) })}
      </p>
      {(error ?? cause) && <p className="cause">{[error, cause].filter(Boolean).join(': ')}</p>}
      <details open={states.length <= 8}>
        <summary>{t('trace.states', { count: states.length })}</summary>
        <ol className="states">
          {states.map((state, number) => (
            <li key={number} className={(state.leftAt ?? stoppedAt) ? '' : 'current'}>
              <span>{state.name}</span>
              <span className="quiet">
                {time(state.enteredAt)} · {between(state.enteredAt, state.leftAt ?? stoppedAt)}
              </span>
            </li>
          ))}
        </ol>
      </details>
      <p className="quiet">
        <code>{name}</code>
      </p>
    </article>
  );
}
