import { useState } from 'react';
import { chooseLanguage, language, LANGUAGES, t, type Language } from '../languages/languages';
import { Menu } from '../interface/Menu';
import { chooseTheme, storedTheme, THEMES, type Theme } from '../interface/theme';

/** Colours and language. */
export function SettingsMenu() {
  const [theme, setTheme] = useState(storedTheme);
  return (
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
    </Menu>
  );
}
