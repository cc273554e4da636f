import { lazy, Suspense, use, useState } from 'react';
import { Header } from '../page/Header';
import { t } from '../languages/languages';
import type { Session } from '../session/session';
import './explorer.css';
import { IdentityBar } from './owner/IdentityBar';
import { introspectionOf, type Introspection } from './schema';

const Workbench = lazy(() => import('./Workbench'));

/** The API explorer: who one is, and GraphiQL where the API tells its schema. */
export function Explorer({ session }: { session: Session }) {
  const [introspection] = useState(() => introspectionOf(session).catch(failure));
  return (
    <div className="explorer">
      <Header session={session} current="/graphiql" />
      <main>
        <h1 className="hidden-text">{t('app.explorer')}</h1>
        <IdentityBar viewer={session.viewer} />
        <Suspense fallback={<Loading />}>
          <Content session={session} introspection={introspection} />
        </Suspense>
      </main>
    </div>
  );
}

type Known = Introspection | { readonly kind: 'failed'; readonly reason: string };

const failure = (error: unknown): Known => ({
  kind: 'failed',
  reason: error instanceof Error ? error.message : String(error),
});

function Content({ session, introspection }: { session: Session; introspection: Promise<Known> }) {
  const known = use(introspection);
  if (known.kind === 'on') return <Workbench session={session} />;
  return (
    <div className="notice stack">
      <p role={known.kind === 'failed' ? 'alert' : undefined}>
        {known.kind === 'off' ? t('explorer.off') : t('app.failed', { reason: known.reason })}
      </p>
      {known.kind === 'off' && <pre>{known.reason}</pre>}
      {known.kind === 'failed' && (
        <button className="button primary" onClick={() => location.reload()}>
          {t('app.retry')}
        </button>
      )}
    </div>
  );
}

function Loading() {
  return (
    <p className="notice" aria-busy="true">
      {t('app.loading')}
    </p>
  );
}
