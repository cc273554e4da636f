/** The editors' workers, as files of this page. GraphiQL's own module for Vite stops the development server. */
import EditorWorker from 'monaco-editor/esm/vs/editor/editor.worker.js?worker';
import JsonWorker from 'monaco-editor/esm/vs/language/json/json.worker.js?worker';
import type { Environment } from 'monaco-editor';
import GraphqlWorker from 'monaco-graphql/esm/graphql.worker.js?worker';

const workers = new Map([
  ['json', JsonWorker],
  ['graphql', GraphqlWorker],
]);

(globalThis as { MonacoEnvironment?: Environment }).MonacoEnvironment = {
  getWorker: (_id, label) => new (workers.get(label) ?? EditorWorker)(),
};
