import { useEffect, useRef, useState } from 'react';
import { t } from '../../languages/languages';
import { parseTraced, useTraceHash } from './route';
import { TraceForm } from './TraceForm';
import { TraceResult } from './TraceResult';
import { useTrace } from './useTrace';

/** What the pipeline has of a task that somebody names. */
export function TraceSection() {
  const hash = useTraceHash();
  const [turn, setTurn] = useState(0);
  const state = useTrace(hash, turn);
  const section = useRef<HTMLElement>(null);
  const traced = parseTraced(hash);
  useEffect(() => {
    if (parseTraced(hash)) section.current?.scrollIntoView({ block: 'start' });
  }, [hash]);
  return (
    <section
      ref={section}
      className="panel stack"
      aria-labelledby="trace"
      aria-busy={state.kind === 'loading'}
    >
      <h2 id="trace">{t('trace.title')}</h2>
      <TraceForm key={hash} traced={traced} onAgain={() => setTurn((turn) => turn + 1)} />
      <div role="status">
        {state.kind === 'none' && <p className="quiet">{t('trace.none')}</p>}
        {state.kind === 'loading' && <p className="quiet">{t('app.loading')}</p>}
        {state.kind === 'nothing' && <p>{t('trace.nothing')}</p>}
      </div>
      {state.kind === 'failed' && (
        <p className="problem" role="alert">
          {t('trace.failed', { reason: state.problem })}
        </p>
      )}
      {state.kind === 'found' && <TraceResult trace={state.trace} />}
    </section>
  );
}
