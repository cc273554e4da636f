// graphql-eslint's recommended and Relay rules. What is changed has its reason beside it.
import graphql from '@graphql-eslint/eslint-plugin';

const { configs, parser } = graphql;
const recommended = configs['flat/schema-recommended'].rules;
const [severity, naming] = recommended['@graphql-eslint/naming-convention'];

function lint(files, rules) {
  return { files, languageOptions: { parser }, plugins: { '@graphql-eslint': graphql }, rules };
}

export default [
  lint(['schema.client.graphql'], {
    ...recommended,
    ...configs['flat/schema-relay'].rules,
    '@graphql-eslint/naming-convention': [
      severity,
      {
        ...naming,
        // AppSync's own names
        DirectiveDefinition: { style: 'camelCase', ignorePattern: '^aws_' },
        InputValueDefinition: { style: 'camelCase', ignorePattern: '^cognito_groups$' },
        Argument: { style: 'camelCase', ignorePattern: '^cognito_groups$' },
      },
    ],
    // What has an identity implements Node; the rule wants an id of values, payloads and pages too.
    '@graphql-eslint/strict-id-in-types': 'off',
    // Lists are paged forwards only.
    '@graphql-eslint/relay-arguments': [severity, { includeBoth: false }],
    // Short lists of values (changes, errors, days) are no connections. A student has an id for caches and is no Node (record
    // 60); that all other nodes of edges are, a test of the contract checks.
    '@graphql-eslint/relay-edge-types': [severity, { listTypeCanWrapOnlyEdgeType: false, shouldImplementNode: false }],
  }),
  lint(['.build/tools/documents/*.graphql'], configs['flat/operations-recommended'].rules),
];
