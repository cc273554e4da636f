import { compileMessage, type CompiledMessage } from '@lingui/message-utils/compileMessage';
import { expect, test } from 'vitest';
import german from '../src/languages/de.json';
import english from '../src/languages/en.json';

/** The names of the values that a text takes, also within its plural forms. */
function valuesIn(compiled: CompiledMessage): string[] {
  if (!Array.isArray(compiled)) return [];
  return compiled.flatMap((part) => {
    if (!Array.isArray(part)) return [];
    const [name, , forms] = part as [string, string?, Record<string, CompiledMessage>?];
    const within = typeof forms === 'object' ? Object.values(forms).flatMap(valuesIn) : [];
    return name === '#' ? within : [name, ...within];
  });
}

test('every language has the same texts with the same values', () => {
  expect(Object.keys(german).sort()).toEqual(Object.keys(english).sort());
  for (const [key, text] of Object.entries(english)) {
    const translated = german[key as keyof typeof german];
    const [own, original] = [translated, text].map((message) => valuesIn(compileMessage(message)));
    expect(new Set(own), key).toEqual(new Set(original));
  }
});
