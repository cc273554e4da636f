import type { ReactNode } from 'react';
import { t, type TextKey } from '../languages/languages';
import { IdentityMenu } from '../session/IdentityMenu';
import type { Session } from '../session/session';
import { SettingsMenu } from './SettingsMenu';

const PAGES: readonly (readonly [string, TextKey])[] = [
  ['/', 'app.board'],
  ['/graphiql', 'app.explorer'],
  ['/ops', 'app.ops'],
];

/** The head of every page: the pages, what the page adds, who one is, and the settings. */
export function Header({
  session,
  current,
  children,
}: {
  session: Session;
  current: string;
  children?: ReactNode;
}) {
  const isAdmin = session.viewer.groups.includes('admins');
  const shown = PAGES.filter(([path]) => path !== '/ops' || isAdmin || current === path);
  return (
    <header className="header">
      <span className="name">{t('app.name')}</span>
      <nav aria-label={t('app.name')}>
        {shown.map(([path, key]) => (
          <a
            key={path}
            className="button plain"
            href={path}
            aria-current={path === current ? 'page' : undefined}
          >
            {t(key)}
          </a>
        ))}
      </nav>
      {children}
      <div className="end">
        <SettingsMenu session={session} />
        <IdentityMenu session={session} />
      </div>
    </header>
  );
}
