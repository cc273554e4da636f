/** The subscriptions that run beside the tabs, and what was pushed to them. */
import type { Caller } from '../../api/request';
import { Following, type FollowingState } from './following';

export interface Followed {
  readonly id: number;
  readonly name: string;
  readonly variables: object;
  readonly state: FollowingState;
}

/** A push, or a change of a subscription's state. */
export interface Entry {
  readonly id: number;
  readonly at: Date;
  readonly followed: number;
  readonly name: string;
  /** The event's type; empty where only the state changed. */
  readonly type: string;
  readonly newState: FollowingState | null;
  /** What was pushed, or why the state is what it is. */
  readonly payload: unknown;
}

export interface LogState {
  readonly followed: readonly Followed[];
  /** Newest first. */
  readonly entries: readonly Entry[];
}

const KEPT = 500;

export class SubscriptionLog {
  #state: LogState = { followed: [], entries: [] };
  #running = new Map<number, { readonly following: Following; readonly key: string }>();
  #listeners = new Set<() => void>();
  #nextId = 1;

  constructor(private readonly caller: Caller) {}

  readonly state = (): LogState => this.#state;

  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Run a subscription until it is stopped; rejects when it cannot start. One that runs already is left alone. */
  async follow(name: string, query: string, variables: object): Promise<void> {
    const key = JSON.stringify([query, variables]);
    if ([...this.#running.values()].some((running) => running.key === key)) return;
    const id = this.#id();
    const following = new Following(
      this.caller,
      { query, variables },
      {
        onData: (data) =>
          this.#add({ followed: id, name, type: typeIn(data), newState: null, payload: data }),
        onState: (state, reason) => this.#changed(id, name, state, reason),
      },
    );
    this.#running.set(id, { following, key });
    this.#set({ followed: [...this.#state.followed, { id, name, variables, state: 'starting' }] });
    await following.start();
  }

  readonly stop = (id: number): void => this.#running.get(id)?.following.stop();

  readonly clear = (): void => this.#set({ entries: [] });

  #changed(id: number, name: string, state: FollowingState, reason: string): void {
    if (state === 'ended') {
      this.#running.delete(id);
      this.#set({ followed: this.#state.followed.filter((one) => one.id !== id) });
    } else
      this.#set({ followed: this.#state.followed.map((one) => (one.id === id ? { ...one, state } : one)) });
    if (state !== 'starting') this.#add({ followed: id, name, type: '', newState: state, payload: reason });
  }

  #add(what: Omit<Entry, 'id' | 'at'>): void {
    const entry = { ...what, id: this.#id(), at: new Date() };
    this.#set({ entries: [entry, ...this.#state.entries].slice(0, KEPT) });
  }

  #id(): number {
    return this.#nextId++;
  }

  #set(change: Partial<LogState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** The `type` of the event that was pushed, or the name of the field. */
function typeIn(data: unknown): string {
  const [[field, value] = ['', null]] = Object.entries((data ?? {}) as Record<string, unknown>);
  const type = value && typeof value === 'object' && 'type' in value ? value.type : null;
  return typeof type === 'string' ? type : field;
}
