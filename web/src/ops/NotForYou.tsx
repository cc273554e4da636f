import { t } from '../languages/languages';
import type { Viewer } from '../session/session';

/** What stands here for everybody who is no administrator. */
export function NotForYou({ viewer: { name, groups } }: { viewer: Viewer }) {
  return (
    <p className="panel" role="status">
      {t('ops.notForYou', { name, groups: groups.join(', ') || t('identity.none') })}
    </p>
  );
}
