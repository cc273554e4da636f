import type { CodegenConfig } from '@graphql-codegen/cli';
import scalars from '../schema.scalars.json';

const config = { strictScalars: true, scalars };

const codegen: CodegenConfig = {
  schema: '../schema.client.graphql',
  documents: '../.build/tools/documents/*.graphql',
  generates: {
    '../.build/tools/codegen/client/': { preset: 'client', config },
    '../.build/tools/codegen/types.ts': { plugins: ['typescript'], config },
  },
};

export default codegen;
