import { useState } from 'react';
import { t } from '../../languages/languages';
import { SignIn } from '../../session/SignIn';
import { useBoard } from '../store/context';

/** Says that the API is out of reach, or that nobody is signed in any more, and how many edits wait to be sent. */
export function ConnectionBanner() {
  const { online, pending, tasks, signInNeeded } = useBoard();
  const [signingIn, setSigningIn] = useState(false);
  if (online) return null;
  const starting = tasks.size === 0 && navigator.onLine;
  const text = signInNeeded ? 'board.signInNeeded' : 'board.offline';
  return (
    <div className="banner row">
      <span role="status">
        {starting && !signInNeeded ? t('app.loading') : t(text, { pending: pending.length })}
      </span>
      {signInNeeded && (
        <button
          className="button"
          onClick={() => {
            setSigningIn(true);
          }}
        >
          {t('identity.signIn')}
        </button>
      )}
      {signingIn && (
        <SignIn
          onClose={() => {
            setSigningIn(false);
          }}
        />
      )}
    </div>
  );
}
