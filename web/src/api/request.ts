/** One GraphQL request over HTTP. */
import type { TypedDocumentString } from './operations';

export type Headers = Readonly<Record<string, string>>;

/** Sends requests as somebody; `headers(true)` is asked for others when the API no longer takes the last ones. */
export interface Caller {
  readonly url: string;
  readonly headers: (refused: boolean) => Promise<Headers>;
}

/** What the API answered instead of data. */
export class ApiError extends Error {
  /** @param type The first error's `errorType`, `HTTP 502` when there is no GraphQL answer, or `NetworkError`. */
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export interface Operation {
  readonly query: string;
  readonly variables: unknown;
  readonly operationName?: string | undefined;
}

export interface Answer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly { readonly errorType?: string; readonly message: string }[];
}

const SECONDS = 30;

/** Return the data, or reject with an ApiError if there is any error. A refused caller is tried once more. */
export async function request<Result, Variables>(
  caller: Caller,
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const { data, errors } = await answerOf<Result>(caller, { query: String(document), variables });
  const [error] = errors ?? [];
  if (error || !data) throw new ApiError(error?.errorType ?? 'InternalFailure', error?.message ?? 'No data.');
  return data;
}

/** Return the API's answer as it is, with its errors. A refused caller is tried once more. */
export async function answerOf<Result>(caller: Caller, operation: Operation): Promise<Answer<Result>> {
  const body = JSON.stringify(operation);
  const first = await send<Result>(caller, body, false);
  return isRefusal(first) ? send<Result>(caller, body, true) : first;
}

const isRefusal = ({ errors }: Answer<unknown>): boolean =>
  errors?.[0]?.errorType === 'UnauthorizedException';

async function send<Result>(
  { url, headers }: Caller,
  body: string,
  refused: boolean,
): Promise<Answer<Result>> {
  const init = {
    method: 'POST',
    headers: { ...(await headers(refused)), 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(SECONDS * 1_000),
  };
  const response = await fetch(url, init).catch((error: unknown) => {
    throw new ApiError('NetworkError', error instanceof Error ? error.message : String(error));
  });
  const isJson = response.headers.get('content-type')?.includes('json');
  if (!isJson) throw new ApiError(`HTTP ${response.status}`, response.statusText);
  return (await response.json()) as Answer<Result>;
}
