// Builds the peer's page into .build/bench/web/peer.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
await build({
  root: path('.'),
  base: '/peer/',
  logLevel: 'warn',
  build: { outDir: path('../../../.build/bench/web/peer'), emptyOutDir: true, target: 'es2023' },
});
