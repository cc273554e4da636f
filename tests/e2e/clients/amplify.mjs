// aws-amplify 6, configured by hand: with an API key, or with the token of a user.
import { Amplify } from 'aws-amplify';
import { use } from './amplify_use.mjs';
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
tell(await use(authMode));
