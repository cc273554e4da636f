/** A session subscribes, asks what changed, sends what is queued (without a WebSocket: once). What fails ends it; another begins. */
import * as documents from './documents.js';
import { apiError, subscribe, type Errors } from './realtime.js';
import { applyPage, applyTask, settle, view, type Page, type State } from './store.js';
import type { Inputs, Mutation, Options, Snapshot, Task, UserError } from './types.js';
export type * from './types.js';
const REFUSALS = ['VALIDATION', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'LIMIT_EXCEEDED', 'ValidationException', 'Unauthorized'];
const REQUEST_MS = 30_000, FIRST_BACKOFF_MS = 1_000, MAX_BACKOFF_MS = 60_000;
const DEFAULTS = {
  fetch: (...request: Parameters<typeof fetch>) => fetch(...request), WebSocket: globalThis.WebSocket, askEveryMs: 300_000,
  now: () => Date.now(), random: () => Math.random(), uuid: () => crypto.randomUUID(),
  setTimeout: (action: () => void, ms: number) => setTimeout(action, ms), clearTimeout: (timer: unknown) => clearTimeout(timer as number),
};
type Payload = Readonly<{ task: Task | null; errors: readonly UserError[] }>;
const isOf = (error: unknown, types: readonly string[]): error is ReturnType<typeof apiError> =>
  error instanceof Error && 'type' in error && types.includes(String(error.type));

export class SyncClient {
  readonly #options: Required<Options>;
  readonly #listeners = new Set<() => void>();
  #state: State = { cursor: null, queue: [], generation: 0, entries: {} };
  #snapshot = view(this.#state, '', false);
  #stopped = false; #askAt = 0; #document = '';
  #written = Promise.resolve(); #running = Promise.resolve(); #next: Promise<void> | null = null;
  wake: () => void = () => undefined; // go on at once: for an app that learns that the network is back
  constructor(options: Options) { this.#options = { ...DEFAULTS, ...options }; }
  /** `subscribe` and `getSnapshot` are what React's useSyncExternalStore takes. */
  readonly getSnapshot = (): Snapshot => this.#snapshot;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  };
  /** Show what was persisted, then keep in step. */
  async start(): Promise<void> {
    this.#state = { ...this.#state, ...(JSON.parse(await this.#options.storage.get() ?? '{}') as Partial<State>) };
    this.#running = this.#run();
  }
  /** Resolves when all has ended and is persisted. */
  async stop(): Promise<void> {
    this.#stopped = true; this.wake();
    await this.#running.then(() => this.#written);
  }
  /** Ask what changed now: of lists and what one has read nothing is pushed. */
  refresh(): void { this.#askAt = 0; this.wake(); }
  /** Queue a change, which shows at once; a new task gets the `id` of what is returned. */
  mutate<N extends keyof Inputs>(name: N, input: Inputs[N]): Mutation {
    const now = this.#options.now(), time = now.toString(16).padStart(12, '0');
    const clientMutationId = `${time.slice(0, 8)}-${time.slice(8)}-7${this.#options.uuid().slice(15)}`; // also a new task's UUIDv7
    const id = 'id' in input ? input.id : `Task:${this.#options.ownerId}:${clientMutationId}`;
    const mutation = { name, input, clientMutationId, id, at: new Date(now).toISOString(), sent: false } as Mutation;
    this.#state.queue = [...this.#state.queue, mutation];
    void this.#changed();
    this.wake();
    return mutation;
  }
  async #run(): Promise<void> {
    for (let failures = 0, refused = false; !this.#stopped; failures += 1) {
      void this.#changed(false);
      const session = this.#session(refused, () => { failures = 0; });
      refused = await session.then(() => false, (error: unknown) => isOf(error, ['UnauthorizedException']));
      void this.#changed(false);
      await this.#pause(this.#options.random() * Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** failures));
    }
  }
  async #session(refused: boolean, succeeded: () => void): Promise<void> {
    const { ownerId, auth, now, askEveryMs } = this.#options, follow = { query: documents.FOLLOW, variables: { ownerId } };
    let lost = false;
    const onEnd = (): void => { lost = true; this.wake(); };
    const close = await subscribe(this.#options, await auth(refused), follow, this.#pushed, onEnd).catch(() => undefined);
    try {
      for (this.#askAt = 0; !this.#stopped; ) {
        if (now() >= this.#askAt) await this.#catchUp(now() + askEveryMs);
        await this.#replay();
        if (lost) throw new Error('The connection is closed.');
        succeeded();
        void this.#changed(true);
        if (!this.#state.queue.length) await this.#pause(this.#askAt - now());
      }
    } finally { close?.(); }
  }
  async #catchUp(nextAt: number): Promise<void> {
    this.#askAt = nextAt;
    for (let more = true; more; void this.#changed()) {
      const since = this.#state.cursor;
      const page = await this.#request<Page>(documents.CHANGES, { ownerId: this.#options.ownerId, since }).catch((error: unknown) => {
        if (!since || !isOf(error, ['VALIDATION'])) throw error; // else the server does not know the cursor any more
        return { nodes: [], cursor: '', hasMore: true, fullSyncRequired: true };
      });
      applyPage(this.#state, page);
      more = page.hasMore || page.fullSyncRequired;
    }
  }
  async #replay(): Promise<void> {
    for (let next; (next = this.#state.queue[0]) && !this.#stopped; ) {
      this.#state.queue = [{ ...next, sent: true }, ...this.#state.queue.slice(1)];
      await this.#changed(); // first, so that a restart knows what was sent
      const { name, clientMutationId } = next;
      const input = { ...next.input, clientMutationId, ...(name === 'createTask' && { key: clientMutationId }) };
      const { task, errors } = await this.#request<Payload>(documents.mutation(name), { input }).catch((error: unknown): Payload => {
        if (!isOf(error, REFUSALS)) throw error;
        return { task: null, errors: [{ code: error.type, message: error.message, field: null }] };
      });
      if (errors.some(({ code }) => !REFUSALS.includes(code))) throw new Error(errors[0]?.message); // it passes
      if (task) applyTask(this.#state, task);
      settle(this.#state, next, errors.length ? null : task);
      void this.#changed();
      if (errors.length) this.#options.onRefused(next, errors);
    }
  }
  readonly #pushed = (data: unknown): void => {
    const { type, task } = (data as { onTaskEvent: { type: string; task: Task } | null }).onTaskEvent ?? {};
    if (task) applyTask(this.#state, task);
    void this.#changed();
    if (type === 'REMINDED') this.refresh(); // for the notification
  };
  async #request<T>(query: string, variables: object): Promise<T> {
    const headers = { ...await this.#options.auth(false), 'content-type': 'application/json' };
    const request = { method: 'POST', headers, body: JSON.stringify({ query, variables }), signal: AbortSignal.timeout(REQUEST_MS) };
    const response = await this.#options.fetch(this.#options.url, request);
    const { data, errors } = await response.json() as Readonly<{ data?: Record<string, T | null> | null; errors?: Errors }>;
    const [value] = Object.values(data ?? {});
    if (errors?.length || !value) throw apiError(errors ?? [], `HTTP ${response.status}`);
    return value;
  }
  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.setTimeout(resolve, milliseconds);
      this.wake = () => { this.#options.clearTimeout(timer); resolve(); };
      if (this.#stopped) this.wake();
    });
  }
  /** Show the state; resolves when it is persisted. */
  #changed(online = this.#snapshot.online): Promise<void> {
    this.#snapshot = view(this.#state, this.#options.ownerId, online);
    this.#listeners.forEach((listener) => { listener(); });
    return this.#next ??= this.#written = this.#written.then(() => this.#write()).catch(() => undefined);
  }
  async #write(): Promise<void> {
    await Promise.resolve(this.#options.storage.ready?.()).finally(() => { this.#next = null; }); // later changes are the next one's
    const document = JSON.stringify(this.#state);
    if (document !== this.#document) await this.#options.storage.set(document);
    this.#document = document;
  }
}
