import { t } from '../../languages/languages';
import { time } from '../format';
import { traceHash } from '../trace/route';
import type { DeadLetter } from './useDeadLetters';

/** A dead letter: what failed and why, with its body on demand. */
export function DeadLetterItem({ letter, onRedrive }: { letter: DeadLetter; onRedrive: () => void }) {
  const { kind, queue, taskId, ownerId, sentAt, cause, receiveCount, body } = letter;
  return (
    <li className="letter stack">
      <div className="row">
        <strong>{t(`deadLetter.${kind}`)}</strong>
        <span className="quiet">
          {queue}
          {sentAt && <> · {t('deadLetter.sentAt', { time: time(sentAt) })}</>} ·{' '}
          {t('deadLetter.received', { count: receiveCount })}
        </span>
      </div>
      <p className="cause">{cause ?? t('deadLetter.noCause')}</p>
      {taskId && (
        <p className="quiet">
          {t('deadLetter.task')} <code>{taskId}</code>
          {ownerId && (
            <>
              {' '}
              · {t('deadLetter.owner')} <code>{ownerId}</code>
            </>
          )}
        </p>
      )}
      <details>
        <summary>{t('deadLetter.body')}</summary>
        <pre tabIndex={0}>{readable(body)}</pre>
      </details>
      <div className="row">
        {kind === 'UNKNOWN' ? (
          <p className="quiet">{t('deadLetter.unreadable')}</p>
        ) : (
          <button
            className="button"
            aria-label={t('deadLetter.redriveThis', { task: taskId ?? letter.id })}
            onClick={onRedrive}
          >
            {t('deadLetter.redrive')}
          </button>
        )}
        {taskId && ownerId && (
          <a className="button plain" href={traceHash({ id: taskId, ownerId })}>
            {t('deadLetter.trace')}
          </a>
        )}
      </div>
    </li>
  );
}

/** JSON with indentation; anything else as it is. */
function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
