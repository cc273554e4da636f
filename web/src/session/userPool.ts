/** Signing in at the user pool by Amplify's auth, which keeps and renews the tokens. Loaded only where it is needed. */
import { confirmSignIn, fetchAuthSession, signIn, signOut } from '@aws-amplify/auth';
import { cognitoUserPoolsTokenProvider as tokenProvider } from '@aws-amplify/auth/cognito';
import { Amplify, ConsoleLogger, defaultStorage } from '@aws-amplify/core';
import type { UserPool } from '../api/config';

export type SignInStep = 'DONE' | 'NEW_PASSWORD' | 'CODE' | 'UNSUPPORTED';

/** Where to sign in, from now on. The package `aws-amplify` does the same, with much that is not needed here. */
export function configure({ id, clientId, endpoint }: UserPool): void {
  const where = endpoint ? { userPoolEndpoint: endpoint } : {};
  const auth = { Cognito: { userPoolId: id, userPoolClientId: clientId, ...where } };
  ConsoleLogger.LOG_LEVEL = 'ERROR'; // that the endpoint is not AWS's is meant
  tokenProvider.setAuthConfig(auth);
  tokenProvider.setKeyValueStorage(defaultStorage);
  Amplify.configure({ Auth: auth }, { Auth: { tokenProvider } });
}

/** Return the access token; null when nobody is signed in any more. Rejects when the pool is out of reach. */
export async function accessToken(refused: boolean): Promise<string | null> {
  const { tokens } = await fetchAuthSession({ forceRefresh: refused });
  return tokens ? tokens.accessToken.toString() : null;
}

/** Begin to sign in; rejects with Cognito's words when name or password are wrong. */
export async function begin(username: string, password: string): Promise<SignInStep> {
  await signOut(); // what another user left
  const { nextStep } = await signIn({ username, password });
  return stepOf(nextStep.signInStep);
}

/** Answer what the former step asked for: the new password, or the code. */
export async function answer(challengeResponse: string): Promise<SignInStep> {
  const { nextStep } = await confirmSignIn({ challengeResponse });
  return stepOf(nextStep.signInStep);
}

export const end = (): Promise<void> => signOut();

function stepOf(step: string): SignInStep {
  if (step === 'DONE') return 'DONE';
  if (step === 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED') return 'NEW_PASSWORD';
  return /_(CODE|SMS_CODE|TOTP_CODE|EMAIL_CODE)$/.test(step) ? 'CODE' : 'UNSUPPORTED';
}
