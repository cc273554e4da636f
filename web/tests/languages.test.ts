import { compileMessage } from '@lingui/message-utils/compileMessage';
import { expect, test } from 'vitest';
import german from '../src/languages/de.json';
import english from '../src/languages/en.json';

const valuesIn = (text: string): string[] => [...text.matchAll(/\{(\w+)/g)].map(([, name]) => name!).sort();

test('every language has the same texts with the same values', () => {
  expect(Object.keys(german)).toEqual(Object.keys(english));
  for (const [key, text] of Object.entries(english)) {
    const translated = german[key as keyof typeof german];
    expect(new Set(valuesIn(translated)), key).toEqual(new Set(valuesIn(text)));
    expect(() => compileMessage(translated), key).not.toThrow();
  }
});
