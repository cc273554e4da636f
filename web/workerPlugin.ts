/** Makes the board's service worker: tells it which files the board loads, at once or on demand, and names the build. */
import { createHash } from 'node:crypto';
import type { Plugin, Rolldown } from 'vite';

const WORKER = 'sw.js';
const OTHERS = ['/icon.svg'];

export function workerPlugin(): Plugin {
  return {
    name: 'taskbell-service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const worker = bundle[WORKER];
      const page = bundle['index.html'];
      if (worker?.type !== 'chunk' || page?.type !== 'asset')
        this.error('The board or its worker is missing.');
      const files = [...boardFiles(bundle), ...OTHERS];
      const hash = createHash('sha256').update(worker.code).update(page.source).update(files.join());
      const build = { name: hash.digest('hex').slice(0, 16), files };
      worker.code = `const BUILD=${JSON.stringify(build)};${worker.code}`;
    },
  };
}

/** The paths of the board's scripts and styles: what its entry imports, and what that imports. */
function boardFiles(bundle: Rolldown.OutputBundle): string[] {
  const found = new Set<string>();
  const add = (name: string): void => {
    const chunk = bundle[name];
    if (chunk?.type !== 'chunk' || found.has(`/${name}`)) return;
    found.add(`/${name}`);
    for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(`/${style}`);
    for (const asset of chunk.viteMetadata?.importedAssets ?? []) found.add(`/${asset}`);
    [...chunk.imports, ...chunk.dynamicImports].forEach(add);
  };
  const entry = Object.values(bundle).find(
    (file) => file.type === 'chunk' && file.isEntry && file.name === 'board',
  );
  if (entry) add(entry.fileName);
  return [...found].sort();
}
