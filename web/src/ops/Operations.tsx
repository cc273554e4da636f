import { useState } from 'react';
import { Header } from '../page/Header';
import { t } from '../languages/languages';
import type { Session } from '../session/session';
import { SessionContext } from './context';
import { DeadLettersSection } from './deadLetters/DeadLettersSection';
import { NotForYou } from './NotForYou';
import { PipelineSection } from './pipeline/PipelineSection';
import { useFigures } from './pipeline/useFigures';
import { TraceSection } from './trace/TraceSection';

/** The operator's page, for administrators. */
export function Operations({ session }: { session: Session }) {
  return (
    <SessionContext value={session}>
      <Header session={session} current="/ops" />
      <main className="ops">
        <h1>{t('app.ops')}</h1>
        {session.viewer.groups.includes('admins') ? <Sections /> : <NotForYou viewer={session.viewer} />}
      </main>
    </SessionContext>
  );
}

function Sections() {
  const [paused, setPaused] = useState(false);
  const { figures, refresh } = useFigures(paused);
  return (
    <>
      <PipelineSection figures={figures} paused={paused} onPause={setPaused} />
      <DeadLettersSection count={figures.deadLetters} onRedriven={refresh} />
      <TraceSection />
    </>
  );
}
