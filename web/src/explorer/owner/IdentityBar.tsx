import { useState } from 'react';
import { t } from '../../languages/languages';
import type { Viewer } from '../../session/session';

/** Who calls, with their groups and the id that `ownerId` takes. */
export function IdentityBar({ viewer }: { viewer: Viewer }) {
  const [copied, setCopied] = useState(false);
  const { name, groups, ownerId } = viewer;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(ownerId);
    setCopied(true);
  };
  return (
    <section className="identity-bar" aria-label={t('identity.menu', { name })}>
      <strong>{name}</strong>
      <span>
        {t('identity.groups')}: {groups.join(', ') || t('identity.none')}
      </span>
      <span>
        <code>ownerId</code> <code className="value">{ownerId}</code>
      </span>
      <button className="button" onClick={() => void copy()}>
        {t('explorer.copy')}
      </button>
      <span role="status">{copied && t('explorer.copied')}</span>
    </section>
  );
}
