import { lazy, Suspense, useState } from 'react';
import { t } from '../../languages/languages';
import { useSession } from '../store/context';
import { mayReadOthers, showOwner, shownOwner } from './shownOwner';

const StudentChooser = lazy(() => import('./StudentChooser'));

/** For staff: whose tasks are shown, and the way to a student's or back to one's own. */
export function OwnerBar() {
  const session = useSession();
  const [choosing, setChoosing] = useState(false);
  if (!mayReadOthers(session)) return null;
  const { ownerId, name } = shownOwner(session);
  const isOwn = ownerId === session.viewer.ownerId;
  return (
    <div className="row">
      {!isOwn && (
        <>
          <strong>{t('owner.shown', { name })}</strong>
          <button
            className="button"
            onClick={() => {
              showOwner(session, null);
            }}
          >
            {t('owner.own')}
          </button>
        </>
      )}
      <button
        className="button"
        onClick={() => {
          setChoosing(true);
        }}
      >
        {t('owner.choose')}
      </button>
      <Suspense fallback={null}>
        {choosing && (
          <StudentChooser
            onClose={() => {
              setChoosing(false);
            }}
          />
        )}
      </Suspense>
    </div>
  );
}
