import { t } from '../../languages/languages';
import { EventsTable } from './EventsTable';
import { ExecutionView } from './ExecutionView';
import { TraceHead } from './TraceHead';
import type { Trace } from './useTrace';

/** A trace: the task, its dead letters, its executions with their states, and its events. */
export function TraceResult({ trace }: { trace: Trace }) {
  const { executions, omittedSchedules, deadLetters, unseenDeadLetters } = trace;
  return (
    <div className="stack">
      <TraceHead trace={trace} />
      <h3>{t('trace.deadLetters')}</h3>
      {deadLetters.length === 0 && <p className="quiet">{t('trace.noDeadLetters')}</p>}
      <ul>
        {deadLetters.map(({ id, kind, cause }) => (
          <li key={id} className="bad">
            {t(`deadLetter.${kind}`)}: {cause ?? t('deadLetter.noCause')}
          </li>
        ))}
      </ul>
      {unseenDeadLetters > 0 && <p className="quiet">{t('trace.unseen', { count: unseenDeadLetters })}</p>}
      <h3>{t('trace.executions')}</h3>
      {executions.length === 0 && <p className="quiet">{t('trace.noExecutions')}</p>}
      {omittedSchedules > 0 && (
        <p className="quiet">{t('trace.omittedSchedules', { count: omittedSchedules })}</p>
      )}
      {executions.map((execution) => (
        <ExecutionView key={execution.name} execution={execution} />
      ))}
      <h3>{t('trace.events')}</h3>
      <EventsTable events={trace.events} omitted={trace.omittedEvents} ownerId={trace.ownerId} />
    </div>
  );
}
