// Apollo Client 4 with AppSync's own links.
import { ApolloLink, gql, HttpLink } from '@apollo/client';
import { createAuthLink } from 'aws-appsync-auth-link';
import { createSubscriptionHandshakeLink } from 'aws-appsync-subscription-link';
import '../docs/buffer.mjs';
import { apolloClient, follow } from '../docs/apollo.mjs';
import { change, HISTORY, shown, TASKS } from '../docs/tasks.mjs';
import { asked, tell } from '../common.mjs';
import { identified, tests } from './tests.mjs';

async function open({ url, apiKey, token, ownerId, fetch, list }) {
  const auth = token ? { type: 'AMAZON_COGNITO_USER_POOLS', jwtToken: async () => token } : { type: 'API_KEY', apiKey };
  const options = { url, region: 'eu-central-1', auth };
  const link = createSubscriptionHandshakeLink(options, new HttpLink({ uri: url, fetch }));
  const client = apolloClient(ApolloLink.from([createAuthLink(options), link]));
  const following = ownerId && follow(client, ownerId, [list]);
  const query = gql(TASKS);
  return {
    query: (variables = list) => client.query({ query, variables, fetchPolicy: 'network-only' }),
    history: (taskId) => client.query({ query: gql(HISTORY), variables: { taskId }, fetchPolicy: 'network-only' }),
    mutate: async (name, input) => (await client.mutate({ mutation: gql(change(name)), variables: { input: identified(input) } })).data[name],
    shown: (variables = list) => shown(client.readQuery({ query, variables })?.tasks.nodes ?? [], variables),
    ask: async (text, variables) => (await client.query({ query: gql(text), variables, fetchPolicy: 'network-only' })).data,
    close: () => { following?.unsubscribe(); client.stop(); },
  };
}

tell(await tests(open, asked));
