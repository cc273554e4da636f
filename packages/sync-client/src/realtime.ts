/** AppSync's real-time protocol, for one subscription on a WebSocket of its own. */
import type { Transport } from './types.js';
export type Errors = readonly Readonly<{ errorType?: string; message?: string }>[];
type Message = Readonly<{ type: string; payload?: Readonly<{ connectionTimeoutMs?: number; data?: unknown; errors?: Errors }> }>;
/** What the API answered instead of data; `type` is its `errorType`. */
export const apiError = ([error]: Errors, otherwise: string): Error & { type: string } =>
  Object.assign(new Error(error?.message ?? otherwise), { type: error?.errorType ?? otherwise });
/** Where the real-time endpoint is: on a host of its own at AWS, below the GraphQL endpoint behind other names. */
export function realtimeUrl(endpoint: string): string {
  const url = endpoint.replace(/^http/i, 'ws');
  return url.includes('.appsync-api.') ? url.replace('.appsync-api.', '.appsync-realtime-api.') : `${url}/realtime`;
}
/** Resolves with what closes it, when the subscription runs: from then on changes are pushed until `onEnd`. */
export function subscribe({ url, WebSocket, setTimeout, clearTimeout }: Transport, headers: Readonly<Record<string, string>>,
  operation: { query: string; variables: object }, onData: (data: unknown) => void, onEnd: (reason: Error) => void): Promise<() => void> {
  const authorization = { host: new URL(url).host, ...headers };
  const header = btoa(JSON.stringify(authorization)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const start = { id: '1', type: 'start', payload: { data: JSON.stringify(operation), extensions: { authorization } } };
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(realtimeUrl(url), ['graphql-ws', `header-${header}`]);
    let silence = 30_000, watchdog: unknown;
    const end = (error: Error): void => {
      clearTimeout(watchdog);
      socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
      socket.close(); reject(error); onEnd(error);
    };
    const watch = (): void => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => { end(new Error('The connection is silent.')); }, silence);
    };
    watch();
    socket.onopen = () => { socket.send('{"type":"connection_init"}'); };
    socket.onclose = socket.onerror = () => { end(new Error('The connection is closed.')); };
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      const { type, payload } = JSON.parse(data) as Message;
      silence = payload?.connectionTimeoutMs ?? silence;
      watch();
      if (type === 'connection_ack') socket.send(JSON.stringify(start));
      else if (type === 'start_ack') resolve(() => { end(new Error('The client is done.')); });
      else if (type === 'data') onData(payload?.data);
      else if (type !== 'ka') end(apiError(payload?.errors ?? [], type));
    };
  });
}
