// aws-amplify 6: query, mutation and subscription, with an API key or the token of a user.
import { Amplify } from 'aws-amplify';
import { CONNECTION_STATE_CHANGE, ConnectionState, generateClient } from 'aws-amplify/api';
import { Hub } from 'aws-amplify/utils';
import { asked, tell } from './common.mjs';

const authMode = asked.token ? 'userPool' : 'apiKey';
const token = { toString: () => asked.token, payload: {} };
Amplify.configure(
  {
    API: { GraphQL: { endpoint: asked.url, apiKey: asked.apiKey, region: 'eu-central-1', defaultAuthMode: authMode } },
    Auth: { Cognito: { userPoolId: 'eu-central-1_local', userPoolClientId: 'web' } },
  },
  { Auth: { tokenProvider: { getTokens: async () => ({ accessToken: token, idToken: token }) } } },
);
const client = generateClient({ authMode });
const connected = new Promise((resolve) => {
  Hub.listen('api', ({ payload }) => {
    if (payload.event === CONNECTION_STATE_CHANGE && payload.data.connectionState === ConnectionState.Connected) resolve();
  });
});
const answer = await client.graphql({ query: asked.query });
const pushed = new Promise((next, error) => {
  client.graphql({ query: asked.subscription, variables: asked.follow ?? {} }).subscribe({ next, error });
});
await Promise.race([connected, pushed]);
await client.graphql({ query: asked.mutation, variables: asked.variables });
const refused = await client.graphql({ query: '{ nothingOfThatName }' }).catch((problem) => problem);
tell({ answer: answer.data, pushed: (await pushed).data, refused: refused.errors[0].message });
