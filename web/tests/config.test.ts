import { expect, test } from 'vitest';
import { parseOutputs } from '../src/api/config';

const data = { url: 'https://api.example/graphql' };

test('a stage without a guest and a pool has neither', () => {
  expect(parseOutputs({ data })).toEqual({ url: data.url, apiKey: null, userPool: null });
});

test('the endpoint of a local pool is taken from the custom part', () => {
  const auth = { aws_region: 'eu-central-1', user_pool_id: 'pool', user_pool_client_id: 'client' };
  const { userPool } = parseOutputs({
    data,
    auth,
    custom: { userPoolEndpoint: 'http://127.0.0.1:4000/cognito-idp' },
  });
  expect(userPool).toEqual({
    id: 'pool',
    clientId: 'client',
    region: 'eu-central-1',
    endpoint: 'http://127.0.0.1:4000/cognito-idp',
  });
});
