import type { Task } from '@taskbell/sync-client';
import { t } from '../../../languages/languages';
import { useBoard } from '../../store/context';
import { EventItem } from './EventItem';
import { Steps } from './Steps';
import './Timeline.css';
import { useTimeline } from './useTimeline';

/** How the pipeline goes on with a task, live, and what has become of the task so far. */
export function Timeline({ task }: { task: Task }) {
  const { online } = useBoard();
  const { processing, events, older, state, loadOlder } = useTimeline(task);
  return (
    <>
      <section className="stack tight" aria-label={t('timeline.processing')}>
        <h3>{t('timeline.processing')}</h3>
        <Steps task={task} processing={processing} />
      </section>
      <section className="stack tight" aria-label={t('timeline.history')}>
        <h3>{t('timeline.history')}</h3>
        {!online && <p className="note">{t('timeline.offline')}</p>}
        {online && state === 'loading' && <p className="note">{t('app.loading')}</p>}
        {online && state === 'failed' && <p className="note problem">{t('timeline.failed')}</p>}
        <ol className="history">
          {events.map((event) => (
            <EventItem key={event.version} event={event} />
          ))}
        </ol>
        {older && (
          <button className="button small" disabled={!online} onClick={loadOlder}>
            {t('timeline.older')}
          </button>
        )}
      </section>
    </>
  );
}
