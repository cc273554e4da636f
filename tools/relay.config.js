const customScalarTypes = require('../schema.scalars.json');

module.exports = {
  src: './relay',
  schema: '../schema.client.graphql',
  language: 'typescript',
  artifactDirectory: '../.build/tools/relay',
  customScalarTypes,
};
