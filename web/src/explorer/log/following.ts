/** One subscription that goes on until it is stopped or refused, over as many connections as it takes. */
import { subscribe } from '@taskbell/sync-client/realtime';
import type { Caller } from '../../api/request';
import { SignInNeededError } from '../../session/session';

export type FollowingState = 'starting' | 'running' | 'reconnecting' | 'ended';

export interface Listener {
  readonly onData: (data: unknown) => void;
  /** The reason is why it no longer runs. */
  readonly onState: (state: FollowingState, reason: string) => void;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const REFUSED = 'UnauthorizedException';
/** What another connection would be told as well. */
const FINAL = new Set([REFUSED, 'Unauthorized', 'FORBIDDEN', 'NOT_FOUND', 'VALIDATION']);

const timers = {
  setTimeout: (action: () => void, ms: number): unknown => setTimeout(action, ms),
  clearTimeout: (timer: unknown): void => {
    clearTimeout(timer as number);
  },
};

export class Following {
  #close: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #stopped = false;

  constructor(
    private readonly caller: Caller,
    private readonly operation: { readonly query: string; readonly variables: object },
    private readonly listener: Listener,
  ) {}

  /** Start; rejects with what the API says against it. */
  async start(): Promise<void> {
    this.listener.onState('starting', '');
    try {
      await this.#connect();
    } catch (error) {
      this.#end(reasonOf(error));
      throw error;
    }
  }

  stop(): void {
    this.#end('');
  }

  async #connect(): Promise<void> {
    const close = await this.#attempt(false).catch((error: unknown) => {
      if (typeOf(error) !== REFUSED) throw error;
      return this.#attempt(true);
    });
    if (this.#stopped) {
      close();
      return;
    }
    this.#close = close;
    this.#failures = 0;
    this.listener.onState('running', '');
  }

  /** Open a connection on which the subscription runs; its loss is followed by another. */
  async #attempt(refused: boolean): Promise<() => void> {
    const { url, headers } = this.caller;
    let runs = false;
    const close = await subscribe(
      { ...timers, WebSocket, url },
      await headers(refused),
      this.operation,
      (data) => this.listener.onData(data),
      (reason) => {
        if (runs && !this.#stopped) this.#reconnect(reason);
      },
    );
    runs = true;
    return close;
  }

  /** Connect again after a while. What was lost may have been the token's end, so that only the next answer counts. */
  #reconnect(reason: unknown): void {
    this.#close = null;
    this.listener.onState('reconnecting', reasonOf(reason));
    const wait = Math.min(FIRST_WAIT_MS * 2 ** this.#failures, LONGEST_WAIT_MS);
    this.#failures += 1;
    this.#timer = setTimeout(() => {
      this.#connect().catch((error: unknown) => {
        if (this.#stopped) return;
        if (error instanceof SignInNeededError || FINAL.has(typeOf(error))) this.#end(reasonOf(error));
        else this.#reconnect(error);
      });
    }, wait);
  }

  #end(reason: string): void {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#close?.();
    this.listener.onState('ended', reason);
  }
}

const typeOf = (error: unknown): string =>
  error instanceof Error && 'type' in error ? String(error.type) : '';

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return [typeOf(error), message].filter(Boolean).join(': ');
}
