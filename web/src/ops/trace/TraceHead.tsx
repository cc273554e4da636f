import { t } from '../../languages/languages';
import type { Trace } from './useTrace';

/** The task itself: what it is, and how far its processing has come. */
export function TraceHead({ trace: { task, invalidItem, ownerId, taskId } }: { trace: Trace }) {
  return (
    <div className="stack">
      {task && (
        <p>
          <strong dir="auto">{task.title}</strong> · {t(`status.${task.status}`)} ·{' '}
          <span className={task.processing.state === 'FAILED' ? 'bad' : ''}>
            {t('trace.processing', { state: t(`processing.${task.processing.state}`) })}
          </span>
          {task.deletedAt && <> · {t('trace.deleted')}</>}
        </p>
      )}
      {task?.processing.error && <p className="cause">{task.processing.error}</p>}
      {!task && <p>{t(invalidItem ? 'trace.invalid' : 'trace.gone')}</p>}
      {invalidItem && <pre tabIndex={0}>{invalidItem}</pre>}
      <p className="quiet">
        {t('deadLetter.task')} <code>{taskId}</code> · {t('deadLetter.owner')} <code>{ownerId}</code>
      </p>
    </div>
  );
}
