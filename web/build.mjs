// Builds the pages into dist/ when what they are made of has changed. A build that is cut short leaves the former one.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const web = fileURLToPath(new URL('.', import.meta.url));
const FOLDERS = ['src', 'graphiql', 'ops', 'public', '../packages/sync-client/src'];
const FILES = [
  ...['index.html', 'package.json', 'vite.config.ts', 'workerPlugin.ts', 'build.mjs', '../package-lock.json'],
  '../docs/reference/graphql-api.md', // the explorer's tabs
];
const [dist, fresh, former] = ['dist', 'dist.new', 'dist.old'].map((name) => join(web, name));

function digest() {
  const below = FOLDERS.flatMap((folder) => filesBelow(join(web, folder)));
  const hash = createHash('sha256');
  for (const file of [...FILES.map((name) => join(web, name)), ...below])
    hash.update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

const wanted = digest();
const built = join(dist, '.sources');
if (!existsSync(built) || readFileSync(built, 'utf8') !== wanted) {
  console.log('Building the pages');
  await build({ root: web, logLevel: 'warn', build: { outDir: fresh, emptyOutDir: true } });
  writeFileSync(join(fresh, '.sources'), wanted);
  rmSync(former, { recursive: true, force: true });
  if (existsSync(dist)) renameSync(dist, former);
  renameSync(fresh, dist);
  rmSync(former, { recursive: true, force: true });
}
