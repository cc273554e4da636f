import { useEffect, useState } from 'react';
import { Menu } from '../interface/Menu';
import { t } from '../languages/languages';
import { localUsers, type LocalUser } from './localUsers';
import { LeaveDialog } from './LeaveDialog';
import { become, type Session } from './session';
import { SignIn } from './SignIn';
import { waitingEdits } from './storage';

/** Who one is, with id and groups, and who one may be instead. */
export function IdentityMenu({ session }: { session: Session }) {
  const [users, setUsers] = useState<readonly LocalUser[]>([]);
  const [signingIn, setSigningIn] = useState(false);
  const { viewer, identity, config } = session;
  const [waiting, setWaiting] = useState(0);
  const signOut = async (): Promise<void> => {
    const count = await waitingEdits(viewer.ownerId);
    if (count > 0) setWaiting(count);
    else await leave();
  };
  const leave = async (): Promise<void> => {
    const leaving = await import('./leaving');
    await leaving.leave(viewer.ownerId);
  };
  useEffect(() => {
    void localUsers().then(setUsers);
  }, []);
  return (
    <>
      <Menu label={t('identity.menu', { name: viewer.name })} text={viewer.name}>
        <dl className="identity">
          <dt>{t('identity.id')}</dt>
          <dd>
            <code>{viewer.ownerId}</code>
          </dd>
          <dt>{t('identity.groups')}</dt>
          <dd>{viewer.groups.join(', ') || t('identity.none')}</dd>
        </dl>
        <div className="stack" role="group" aria-label={t('identity.choose')}>
          {config.apiKey && (
            <button
              className="button"
              disabled={identity.kind === 'guest'}
              onClick={() => {
                become({ kind: 'guest' });
              }}
            >
              {t('identity.guest')}
            </button>
          )}
          {users.map(({ name, groups }) => (
            <button
              key={name}
              className="button"
              disabled={identity.kind === 'local' && identity.name === name}
              onClick={() => {
                become({ kind: 'local', name });
              }}
            >
              {name} ({groups.join(', ')})
            </button>
          ))}
          {config.userPool && (
            <button
              className="button"
              onClick={() => {
                setSigningIn(true);
              }}
            >
              {t('identity.signIn')}
            </button>
          )}
          {identity.kind === 'user' && (
            <button className="button" onClick={() => void signOut()}>
              {t('identity.signOut')}
            </button>
          )}
        </div>
      </Menu>
      {signingIn && (
        <SignIn
          onClose={() => {
            setSigningIn(false);
          }}
        />
      )}
      {waiting > 0 && (
        <LeaveDialog
          waiting={waiting}
          onLeave={() => void leave()}
          onClose={() => {
            setWaiting(0);
          }}
        />
      )}
    </>
  );
}
