import { ApiError } from '../api/request';

/** The users of a system that runs on this machine (`GET /local/connection`); elsewhere there are none. */
export interface LocalUser {
  readonly name: string;
  readonly groups: readonly string[];
}

interface Tokens {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

const RENEW_BEFORE_MS = 60_000;

export async function localUsers(): Promise<readonly LocalUser[]> {
  const response = await fetch('/local/connection').catch(() => null);
  const isJson = response?.ok && response.headers.get('content-type')?.includes('json');
  return isJson ? ((await response.json()) as { users: LocalUser[] }).users : [];
}

/** Return a function that gives the user's token, and another one when that has expired or is `refused`. */
export function localToken(name: string): (refused: boolean) => Promise<string> {
  let token = '';
  let expiresAt = 0;
  return async (refused) => {
    if (refused || Date.now() > expiresAt - RENEW_BEFORE_MS) {
      const response = await fetch(`/local/token/${encodeURIComponent(name)}`);
      if (!response.ok) throw new ApiError(`HTTP ${response.status}`, `No token for ${name}.`);
      const tokens = (await response.json()) as Tokens;
      token = tokens.accessToken;
      expiresAt = Date.now() + tokens.expiresIn * 1_000;
    }
    return token;
  };
}
