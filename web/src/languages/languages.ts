/** Texts by key, in ICU MessageFormat: English in en.json, and a file with the same keys for each other language. */
import { setupI18n } from '@lingui/core';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import english from './en.json';

export type TextKey = keyof typeof english;
export type Values = Readonly<Record<string, string | number>>;

/** Another language is one line here and one file. */
export const LANGUAGES = {
  en: { name: 'English', load: () => Promise.resolve({ default: english }) },
  de: { name: 'Deutsch', load: () => import('./de.json') },
} satisfies Record<string, { name: string; load: () => Promise<{ default: Record<TextKey, string> }> }>;

export type Language = keyof typeof LANGUAGES;

const KEY = 'taskbell.language';
const RIGHT_TO_LEFT = ['ar', 'fa', 'he', 'ur'];
const i18n = setupI18n();
i18n.setMessagesCompiler(compileMessage);

/** The language of the texts. */
export const language = (): Language => i18n.locale as Language;

/** How dates and numbers are written: as the browser's own region does it, where its language is the texts'. */
export const locale = (): string =>
  navigator.languages.find((name) => name.split('-')[0] === i18n.locale) ?? i18n.locale;

/** Load the texts of the chosen language, else of the browser's, else English. */
export async function loadLanguage(): Promise<void> {
  const preferred = [localStorage.getItem(KEY), ...navigator.languages].map((name) => name?.split('-')[0]);
  const chosen = preferred.find((name): name is Language => !!name && name in LANGUAGES) ?? 'en';
  const { default: texts } = await LANGUAGES[chosen].load();
  i18n.loadAndActivate({ locale: chosen, messages: texts });
  document.documentElement.lang = chosen;
  document.documentElement.dir = RIGHT_TO_LEFT.includes(chosen) ? 'rtl' : 'ltr';
}

export function chooseLanguage(chosen: Language): void {
  localStorage.setItem(KEY, chosen);
  location.reload();
}

/** The text of a key, with its values put in. */
export const t = (key: TextKey, values: Values = {}): string => i18n._(key, values);
