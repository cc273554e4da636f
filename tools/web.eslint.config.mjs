// The pages' TypeScript: typescript-eslint's strict rules with types, and React's rules of hooks.
import hooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import typescript from 'typescript-eslint';

// What may be imported: only what stands further left; the pages, which are the last, never each other.
const LAYERS = ['api', 'languages', 'interface', 'session', 'page'];
const PAGES = ['board', 'explorer', 'ops'];

const layers = [...LAYERS, ...PAGES].map((layer, place) => {
  const above = [...LAYERS.slice(place + 1), ...PAGES].filter((name) => name !== layer);
  const group = above.flatMap((name) => [`../${name}/*`, `../**/${name}/*`]);
  return {
    files: [`src/${layer}/**/*.{ts,tsx}`],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message: `${layer} stands below.` }] }] },
  };
});

export default defineConfig(
  { ignores: ['dist*/**', 'src/api/operations.ts', '*.mjs', 'tests/**/*.mjs'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [typescript.configs.strictTypeChecked, typescript.configs.stylisticTypeChecked, hooks.configs.flat.recommended],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off', // `root!` where the page's own HTML has it
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }], // what is left out of the rest
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'react-hooks/incompatible-library': 'off', // about React Compiler, which is not used
      'max-lines': ['error', { max: 200, skipBlankLines: true }],
    },
  },
  layers,
);
