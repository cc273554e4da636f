import { lazy, Suspense, useState } from 'react';
import { chooseLanguage, language, LANGUAGES, t, type Language } from '../languages/languages';
import { Menu } from '../interface/Menu';
import { chooseShortcuts, hasShortcuts } from '../interface/shortcuts';
import { chooseTheme, storedTheme, THEMES, type Theme } from '../interface/theme';
import type { Session } from '../session/session';

const ViewerSettings = lazy(() => import('../session/ViewerSettings'));

/** Colours, language and shortcuts of this browser, and the way to the settings that the API keeps. */
export function SettingsMenu({ session }: { session: Session }) {
  const [editing, setEditing] = useState(false);
  const [shortcuts, setShortcuts] = useState(hasShortcuts);
  const [theme, setTheme] = useState(storedTheme);
  return (
    <>
      <Menu label={`${t('theme.menu')}, ${t('language.menu')}`} text={<span aria-hidden="true">◐</span>}>
        <div className="field">
          <label htmlFor="theme">{t('theme.menu')}</label>
          <select
            id="theme"
            className="input"
            value={theme}
            onChange={({ target }) => {
              const chosen = target.value as Theme;
              setTheme(chosen);
              chooseTheme(chosen);
            }}
          >
            {THEMES.map((name) => (
              <option key={name} value={name}>
                {t(`theme.${name}`)}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor="language">{t('language.menu')}</label>
          <select
            id="language"
            className="input"
            value={language()}
            onChange={({ target }) => {
              chooseLanguage(target.value as Language);
            }}
          >
            {Object.entries(LANGUAGES).map(([name, { name: own }]) => (
              <option key={name} value={name} lang={name}>
                {own}
              </option>
            ))}
          </select>
        </div>
        <label className="check">
          <input
            type="checkbox"
            checked={shortcuts}
            onChange={({ target }) => {
              setShortcuts(target.checked);
              chooseShortcuts(target.checked);
            }}
          />
          {t('settings.shortcuts')}
        </label>
        <button
          className="button"
          onClick={() => {
            setEditing(true);
          }}
        >
          {t('settings.open')}
        </button>
      </Menu>
      <Suspense fallback={null}>
        {editing && (
          <ViewerSettings
            session={session}
            onClose={() => {
              setEditing(false);
            }}
          />
        )}
      </Suspense>
    </>
  );
}
