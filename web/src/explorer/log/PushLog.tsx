import { useId, useState, useSyncExternalStore } from 'react';
import { t } from '../../languages/languages';
import { FollowedList } from './FollowedList';
import { LogEntry } from './LogEntry';
import type { Entry, SubscriptionLog } from './subscriptionLog';

/** What is pushed to the subscriptions that run, whatever tab is shown. */
export function PushLog({ log }: { log: SubscriptionLog }) {
  const { followed, entries } = useSyncExternalStore(log.listen, log.state);
  const [paused, setPaused] = useState<readonly Entry[] | null>(null);
  const [wanted, setWanted] = useState('');
  const heading = useId();
  const shown = (paused ?? entries).filter((entry) => matches(entry, wanted));
  const waiting = paused ? entries.filter(({ id }) => id > (paused[0]?.id ?? 0)).length : 0;
  const isIdle = followed.length === 0 && entries.length === 0;
  return (
    <section className="push-log" aria-labelledby={heading}>
      <div className="row">
        <h2 id={heading}>{t('explorer.log')}</h2>
        {isIdle ? <span className="quiet">{t('explorer.idle')}</span> : null}
        <FollowedList followed={followed} onStop={log.stop} />
        {!isIdle && (
          <div className="row controls">
            <input
              className="input"
              type="search"
              aria-label={t('explorer.filter')}
              placeholder={t('explorer.filter')}
              value={wanted}
              onChange={({ target }) => {
                setWanted(target.value);
              }}
            />
            <button
              className="button"
              aria-pressed={paused !== null}
              onClick={() => {
                setPaused(paused ? null : entries);
              }}
            >
              {paused ? t('explorer.resume', { count: waiting }) : t('explorer.pause')}
            </button>
            <button
              className="button"
              onClick={() => {
                log.clear();
                setPaused(paused && []);
              }}
            >
              {t('explorer.clear')}
            </button>
          </div>
        )}
      </div>
      {!isIdle && (
        <div className="entries" role="log" aria-labelledby={heading} tabIndex={0}>
          {shown.length === 0 && <p className="quiet">{t('explorer.nothing')}</p>}
          <ol>
            {shown.map((entry) => (
              <LogEntry key={entry.id} entry={entry} />
            ))}
          </ol>
        </div>
      )}
    </section>
  );
}

function matches({ name, type, payload }: Entry, wanted: string): boolean {
  if (!wanted) return true;
  return `${name} ${type} ${JSON.stringify(payload)}`.toLowerCase().includes(wanted.toLowerCase());
}
