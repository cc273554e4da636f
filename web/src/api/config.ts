/** Where the API is, as `/amplify_outputs.json` says: the same built pages serve a laptop and every stage. */
export interface Config {
  /** The GraphQL endpoint. */
  readonly url: string;
  /** Admits the guest; null where there is none. */
  readonly apiKey: string | null;
  readonly userPool: UserPool | null;
}

export interface UserPool {
  readonly id: string;
  readonly clientId: string;
  readonly region: string;
  /** Where to sign in, if not at AWS. */
  readonly endpoint: string | null;
}

interface Outputs {
  readonly data: { readonly url: string; readonly api_key?: string };
  readonly auth?: {
    readonly aws_region: string;
    readonly user_pool_id: string;
    readonly user_pool_client_id: string;
  };
  readonly custom?: { readonly userPoolEndpoint?: string };
}

const OUTPUTS = '/amplify_outputs.json';

/** Read the configuration; rejects with what to say when it cannot be read. */
export async function loadConfig(): Promise<Config> {
  const response = await fetch(OUTPUTS, { cache: 'no-store' });
  if (!response.ok) throw new Error(`${OUTPUTS}: HTTP ${response.status}`);
  return parseOutputs((await response.json()) as Outputs);
}

export function parseOutputs({ data, auth, custom }: Outputs): Config {
  const userPool = auth && {
    id: auth.user_pool_id,
    clientId: auth.user_pool_client_id,
    region: auth.aws_region,
    endpoint: custom?.userPoolEndpoint ?? null,
  };
  return { url: data.url, apiKey: data.api_key ?? null, userPool: userPool ?? null };
}
