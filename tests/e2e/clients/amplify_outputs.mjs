// aws-amplify 6, configured by amplify_outputs.json: with the API key in it, or by signing a user in.
import { Amplify } from 'aws-amplify';
import { signIn } from 'aws-amplify/auth';
import { parseAmplifyConfig } from 'aws-amplify/utils';
import { use } from './amplify_use.mjs';
import { asked, tell } from './common.mjs';

const config = parseAmplifyConfig(asked.outputs);
config.Auth.Cognito.userPoolEndpoint = asked.userPoolEndpoint;
Amplify.configure(config);
if (asked.username) await signIn({ username: asked.username, password: asked.password });
tell(await use(asked.username ? 'userPool' : 'apiKey'));
