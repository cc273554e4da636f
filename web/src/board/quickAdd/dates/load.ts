import { language, locale } from '../../../languages/languages';
import type { DateWords } from './words';

/** Load the words for dates of the page's language: they weigh more than the rest of quick add. */
export async function loadDateWords(): Promise<DateWords> {
  if (language() === 'de') return (await import('./german')).german;
  const { english } = await import('./english');
  return english(locale() === 'en-US');
}
