import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { workerPlugin } from './workerPlugin.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
// `npm run dev` and `npm run preview` talk to a running system: PORT is its gateway's.
const gateway = `http://127.0.0.1:${process.env.PORT ?? '4000'}`;
const proxy = Object.fromEntries(
  ['/graphql', '/local', '/cognito-idp', '/amplify_outputs.json'].map((prefix) => [
    // `/graphiql` is a page, so that a prefix has to end where the path or its query does.
    `^${prefix}(?=[/?]|$)`,
    { target: gateway, ws: prefix === '/graphql' },
  ]),
);

export default defineConfig({
  plugins: [react(), workerPlugin()],
  resolve: {
    alias: {
      '@taskbell/sync-client/realtime': path('../packages/sync-client/src/realtime.ts'),
      '@taskbell/sync-client': path('../packages/sync-client/src/client.ts'),
    },
  },
  // In development a worker's imports are loaded one by one, and these are no modules.
  optimizeDeps: {
    include: ['monaco-graphql > graphql-language-service', 'monaco-graphql > picomatch-browser'],
  },
  server: { host: '127.0.0.1', proxy },
  preview: { host: '127.0.0.1', proxy },
  build: {
    target: 'es2023',
    manifest: true,
    chunkSizeWarningLimit: 5_000, // Monaco; what the board may weigh is checked by size-limit
    rolldownOptions: {
      checks: { moduleLevelDirective: false }, // GraphiQL's parts say 'use no memo', to a compiler that is not used
      input: {
        board: path('index.html'),
        explorer: path('graphiql/index.html'),
        ops: path('ops/index.html'),
        worker: path('src/board/offline/worker.ts'),
      },
      output: {
        // The worker's path decides what it serves, and says which one is to be replaced.
        entryFileNames: ({ name }) => (name === 'worker' ? 'sw.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  test: { include: ['tests/**/*.test.{ts,tsx}'], environment: 'node' },
});
