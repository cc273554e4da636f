// Amplify's AppSync simulator with the same schema and the same function in memory. Arguments: the folder that it is
// installed in, the schema, the API key. It prints {"url", "apiKey", "pid"} when it listens.
const { readFileSync } = require('fs');
const { createRequire } = require('module');
const net = require('net');

const [folder, schema, apiKey] = process.argv.slice(2);
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (where, ...rest) { // it would listen on every interface
  const port = typeof where === 'object' ? where.port : where;
  return listen.call(this, { port, host: '127.0.0.1' }, ...rest.filter((one) => typeof one === 'function'));
};
const { AmplifyAppSyncSimulator } = createRequire(`${folder}/`)('@aws-amplify/amplify-appsync-simulator');

const TASK = {
  ownerId: 'guest', description: 'Chapters four to six, with the exercises', status: 'PENDING',
  createdAt: '2027-01-15T18:00:00.000Z', version: 1, processing: { state: 'QUEUED', step: null },
};
const answer = async ({ field, arguments: given }) => {
  if (field === 'createTask') return { labels: [], ...TASK, ...given.input };
  if (field === 'getTask') return { labels: ['reading'], title: 'Read', ...TASK, id: given.id };
  return null;
};
const request = (field) => ({
  path: `${field}.req.vtl`,
  content: `{"version":"2018-05-29","operation":"Invoke","payload":{"field":"${field}","arguments":$util.toJson($context.args)}}`,
});
const resolver = (typeName, fieldName) => ({
  kind: 'UNIT', typeName, fieldName, dataSourceName: 'tasks',
  requestMappingTemplateLocation: `${fieldName}.req.vtl`, responseMappingTemplateLocation: 'res.vtl',
});
const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

(async () => {
  const port = await freePort();
  const simulator = new AmplifyAppSyncSimulator({ port });
  await simulator.start();
  simulator.init({
    schema: { content: readFileSync(schema, 'utf8') },
    appSync: {
      name: 'benchmark', apiKey, defaultAuthenticationType: { authenticationType: 'API_KEY' },
      additionalAuthenticationProviders: [],
    },
    mappingTemplates: [request('getTask'), request('createTask'),
      { path: 'res.vtl', content: '$util.toJson($context.result)' }],
    dataSources: [{ type: 'AWS_LAMBDA', name: 'tasks', invoke: answer }],
    resolvers: [resolver('Query', 'getTask'), resolver('Mutation', 'createTask')],
  });
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}/graphql`, apiKey, pid: process.pid }));
})();
