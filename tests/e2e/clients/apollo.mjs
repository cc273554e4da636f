// Apollo Client with AppSync's own links.
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { createAuthLink } from 'aws-appsync-auth-link';
import { createSubscriptionHandshakeLink } from 'aws-appsync-subscription-link';
import { asked, firstPush, tell } from './common.mjs';

const auth = asked.token
  ? { type: 'AMAZON_COGNITO_USER_POOLS', jwtToken: async () => asked.token }
  : { type: 'API_KEY', apiKey: asked.apiKey };
const options = { url: asked.url, region: 'eu-central-1', auth };
const link = ApolloLink.from([
  createAuthLink(options),
  createSubscriptionHandshakeLink(options, new HttpLink({ uri: asked.url })),
]);
const client = new ApolloClient({ link, cache: new InMemoryCache() });
const answer = await client.query({ query: gql(asked.query) });
const pushed = await firstPush(
  (next, error) => {
    const query = gql(asked.subscription);
    const running = client.subscribe({ query, variables: asked.follow ?? {} }).subscribe({ next, error });
    return () => running.unsubscribe();
  },
  () => client.mutate({ mutation: gql(asked.mutation), variables: asked.variables }),
);
tell({ answer: answer.data, pushed: pushed.data });
