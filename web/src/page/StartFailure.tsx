import { useState } from 'react';
import { t } from '../languages/languages';
import { become } from '../session/session';
import { SignIn } from '../session/SignIn';

/** What stands in a page's place when there is no session: signing in, or the reason and another try. */
export function StartFailure({ error, signInNeeded }: { error: unknown; signInNeeded: boolean }) {
  const [signingIn, setSigningIn] = useState(signInNeeded);
  return (
    <main className="stack" style={{ padding: '2rem', justifyItems: 'start' }}>
      <h1>{t('app.name')}</h1>
      {!signInNeeded && (
        <p role="alert">
          {t('app.failed', { reason: error instanceof Error ? error.message : String(error) })}
        </p>
      )}
      <div className="row">
        <button
          className="button primary"
          onClick={() => {
            location.reload();
          }}
        >
          {t('app.retry')}
        </button>
        <button
          className="button"
          onClick={() => {
            setSigningIn(true);
          }}
        >
          {t('identity.signIn')}
        </button>
        <button
          className="button"
          onClick={() => {
            become({ kind: 'guest' });
          }}
        >
          {t('identity.guest')}
        </button>
      </div>
      {signingIn && (
        <SignIn
          onClose={() => {
            setSigningIn(false);
          }}
        />
      )}
    </main>
  );
}
