// graphql-ws: everything over one graphql-transport-ws connection.
import { createClient } from 'graphql-ws';
import { asked, firstPush, tell } from './common.mjs';

const connectionParams = asked.token ? { Authorization: asked.token } : { 'x-api-key': asked.apiKey };
const client = createClient({ url: asked.url.replace('http', 'ws'), connectionParams, retryAttempts: 0 });
const once = async (request) => (await client.iterate(request).next()).value;
const answer = await once({ query: asked.query });
const pushed = await firstPush(
  (next, error) => client.subscribe(
    { query: asked.subscription, variables: asked.follow }, { next, error, complete: () => {} },
  ),
  () => once({ query: asked.mutation, variables: asked.variables }),
);
const stranger = createClient({ url: asked.url.replace('http', 'ws'), connectionParams: {}, retryAttempts: 0 });
const refused = await stranger.iterate({ query: asked.query }).next().catch((closed) => closed);
tell({ answer: answer.data, pushed: pushed.data, refused: refused.code });
