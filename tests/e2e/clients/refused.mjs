// aws-amplify 6 with a key that is not known: what the HTTP call and the subscription say.
import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/api';
import { asked, tell } from './common.mjs';

Amplify.configure({
  API: { GraphQL: { endpoint: asked.url, apiKey: 'da2-guessed', region: 'eu-central-1', defaultAuthMode: 'apiKey' } },
});
const client = generateClient();
const call = await client.graphql({ query: asked.query }).catch((problem) => problem);
const subscription = await new Promise((resolve) => {
  client.graphql({ query: asked.subscription }).subscribe({ next: resolve, error: resolve });
});
tell({ call: call.errors[0].message, subscription: subscription.errors[0].message });
