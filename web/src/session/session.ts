/** A session: the configuration, who calls, and how they prove it. */
import { loadConfig, type Config } from '../api/config';
import { ViewerDocument, type ViewerQuery } from '../api/operations';
import { request, type Caller, type Headers } from '../api/request';
import { storedIdentity, storeIdentity, type Identity } from './identity';
import { localToken } from './localUsers';

export type Viewer = NonNullable<ViewerQuery['viewer']>;

export interface Session extends Caller {
  readonly config: Config;
  readonly identity: Identity;
  readonly viewer: Viewer;
}

const VIEWER = 'taskbell.viewer';

/** Open the session of whom was chosen last. Offline, the viewer is who it was then. */
export async function openSession(): Promise<Session> {
  const config = await loadConfig();
  const identity = storedIdentity();
  const caller = { url: config.url, headers: await headersOf(identity, config) };
  return { ...caller, config, identity, viewer: await viewerOf(caller, identity) };
}

/** Who the caller is; the API's answer is kept for a start without network. */
async function viewerOf(caller: Caller, identity: Identity): Promise<Viewer> {
  const known = `${VIEWER}.${JSON.stringify(identity)}`;
  try {
    const { viewer } = await request(caller, ViewerDocument, {});
    if (!viewer) throw new Error('The API does not know the caller.');
    localStorage.setItem(known, JSON.stringify(viewer));
    return viewer;
  } catch (error) {
    const stored = localStorage.getItem(known);
    if (!stored || navigator.onLine) throw error;
    return JSON.parse(stored) as Viewer;
  }
}

async function headersOf(
  identity: Identity,
  config: Config,
): Promise<(refused: boolean) => Promise<Headers>> {
  if (identity.kind === 'guest') {
    const { apiKey } = config;
    if (!apiKey) throw new SignInNeededError();
    return () => Promise.resolve({ 'x-api-key': apiKey });
  }
  const token = identity.kind === 'local' ? localToken(identity.name) : await userToken(config);
  return async (refused) => ({ Authorization: await token(refused) });
}

async function userToken(config: Config): Promise<(refused: boolean) => Promise<string>> {
  if (!config.userPool) throw new SignInNeededError();
  const pool = await import('./userPool');
  pool.configure(config.userPool);
  return async (refused) =>
    pool.accessToken(refused).catch(() => {
      throw new SignInNeededError();
    });
}

/** Nobody is signed in, and there are no guests. */
export class SignInNeededError extends Error {}

/** Be somebody else from now on: the page is loaded anew, so that nothing of the former user is left in it. */
export function become(identity: Identity): void {
  storeIdentity(identity);
  location.reload();
}
