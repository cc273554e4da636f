import { language, t } from '../../languages/languages';
import type { Entry } from './subscriptionLog';

/** One line of the log; a push opens to its whole payload. */
export function LogEntry({ entry }: { entry: Entry }) {
  const { at, name, type, payload, newState } = entry;
  const columns = (
    <>
      <time dateTime={at.toISOString()}>{timeOf(at)}</time>
      <span className="name">{name}</span>
      <span className="type">{newState ? t(`explorer.state.${newState}`) : type}</span>
      <span className="payload">{newState ? String(payload) : JSON.stringify(insideOf(payload))}</span>
    </>
  );
  if (newState) return <li className={`line ${newState}`}>{columns}</li>;
  return (
    <li>
      <details>
        <summary className="line">{columns}</summary>
        <pre tabIndex={0}>{JSON.stringify(payload, null, 2)}</pre>
      </details>
    </li>
  );
}

const timeOf = (at: Date): string =>
  at.toLocaleTimeString(language(), {
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  });

/** What stands below the subscription's field. */
const insideOf = (payload: unknown): unknown => Object.values(payload ?? {})[0];
