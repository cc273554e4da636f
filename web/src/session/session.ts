/** A session: the configuration, who calls, and how they prove it. */
import { loadConfig, type Config } from '../api/config';
import { ViewerDocument, type ViewerQuery } from '../api/operations';
import { ApiError, request, type Caller, type Headers } from '../api/request';
import { followIdentity, leavingOwner, storedIdentity, storeIdentity, type Identity } from './identity';
import { localToken } from './localUsers';

export type Viewer = NonNullable<ViewerQuery['viewer']>;

export interface Session extends Caller {
  readonly config: Config;
  readonly identity: Identity;
  readonly viewer: Viewer;
}

const VIEWER = 'taskbell.viewer';
const PATIENCE_MS = 5_000; // for a network that is there but does not answer

/** Open the session of whom was chosen last. Out of the API's reach, the viewer is who it was then. */
export async function openSession(): Promise<Session> {
  if (leavingOwner() !== null) await (await import('./leaving')).finishLeaving();
  followIdentity();
  const config = await loadConfig();
  const identity = storedIdentity();
  const caller = { url: config.url, headers: await headersOf(identity, config) };
  return { ...caller, config, identity, viewer: await viewerOf(caller, identity) };
}

/** Who the caller is; the API's answer is kept for a start without network. */
async function viewerOf(caller: Caller, identity: Identity): Promise<Viewer> {
  const key = `${VIEWER}.${JSON.stringify(identity)}`;
  const stored = localStorage.getItem(key);
  const known = stored ? (JSON.parse(stored) as Viewer) : null;
  const asked = request(caller, ViewerDocument, {}).then(({ viewer }) => {
    if (!viewer) throw new Error('The API does not know the caller.');
    localStorage.setItem(key, JSON.stringify(viewer));
    return viewer;
  });
  if (!known) return asked;
  const answered = asked.catch((error: unknown) => {
    if (isOutOfReach(error)) return known;
    throw error;
  });
  return Promise.race([answered, after(PATIENCE_MS, known)]);
}

/** No answer, or one of a server in between. */
function isOutOfReach(error: unknown): boolean {
  if (error instanceof ApiError) return error.type === 'NetworkError' || error.type.startsWith('HTTP 5');
  return error instanceof TypeError || (error instanceof Error && error.name === 'NetworkError'); // fetch's, and Amplify's
}

const after = <Value>(milliseconds: number, value: Value): Promise<Value> =>
  new Promise((resolve) => {
    setTimeout(() => {
      resolve(value);
    }, milliseconds);
  });

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
  return async (refused) => {
    const token = await pool.accessToken(refused);
    if (!token) throw new SignInNeededError();
    return token;
  };
}

/** Nobody is signed in, and there are no guests. */
export class SignInNeededError extends Error {}

/** Be somebody else from now on: the page is loaded anew, so that nothing of the former user is left in it. */
export function become(identity: Identity): void {
  storeIdentity(identity);
  location.reload();
}
