// What a first visit of the board loads, as the build's manifest has it: its script and what that imports at once.
import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('../web/dist/.vite/manifest.json', import.meta.url), 'utf8'));

function files(name, seen = new Set()) {
  if (seen.has(name)) return [];
  seen.add(name);
  const { file, imports = [] } = manifest[name];
  return [`../web/dist/${file}`, ...imports.flatMap((imported) => files(imported, seen))];
}

export default [{ name: 'JavaScript of the board, first load', path: files('index.html'), limit: '110 kB' }];
