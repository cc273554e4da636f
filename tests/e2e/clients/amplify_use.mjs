// What an app does with a configured Amplify: a query, a subscription, a mutation, and a query that is refused.
import { CONNECTION_STATE_CHANGE, ConnectionState, generateClient } from 'aws-amplify/api';
import { Hub } from 'aws-amplify/utils';
import { asked } from './common.mjs';

export async function use(authMode) {
  const client = generateClient({ authMode });
  const connected = new Promise((resolve) => {
    Hub.listen('api', ({ payload }) => {
      if (payload.event === CONNECTION_STATE_CHANGE && payload.data.connectionState === ConnectionState.Connected) resolve();
    });
  });
  const answer = await client.graphql({ query: asked.query }).catch((problem) => problem);
  if (answer.errors) return { refused: answer.errors[0].message };
  const pushed = new Promise((next, error) => {
    client.graphql({ query: asked.subscription, variables: asked.follow ?? {} }).subscribe({ next, error });
  });
  await Promise.race([connected, pushed]);
  await client.graphql({ query: asked.mutation, variables: asked.variables });
  const refused = await client.graphql({ query: '{ nothingOfThatName }' }).catch((problem) => problem);
  return { answer: answer.data, pushed: (await pushed).data, refused: refused.errors[0].message };
}
