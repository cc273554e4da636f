/** The board's one store: what the sync client has, what can be undone, what was refused, and what others just changed. */
import {
  SyncClient,
  type Inputs,
  type Mutation,
  type Snapshot,
  type Task,
  type UserError,
} from '@taskbell/sync-client';
import type { Caller, Headers } from '../../api/request';
import type { TextKey, Values } from '../../languages/languages';
import { SignInNeededError } from '../../session/session';
import { leftStorages, openStorage, type DocumentStorage } from '../../session/storage';
import { ChangeMarks } from './ChangeMarks';
import { keptTasks } from './keptTasks';
import { inverseOf } from './undo';

export interface Refusal {
  readonly mutation: Mutation;
  readonly errors: readonly UserError[];
  /** The task as it was shown when the change was made; null after a reload. */
  readonly before: Task | null;
}

/** Something that was done, in words, and what takes it back. */
export interface Done {
  readonly text: TextKey;
  readonly values: Values;
  readonly undo: (() => void) | null;
}

export interface BoardState extends Snapshot {
  /** Ids of tasks that somebody else, or the pipeline, changed in the last seconds. */
  readonly changed: ReadonlySet<string>;
  readonly done: Done | null;
  /** Refused changes that nobody has looked at yet, the oldest first. */
  readonly refusals: readonly Refusal[];
  /** Nobody is signed in any more: edits wait until somebody is. */
  readonly signInNeeded: boolean;
}

export type Edit = { [N in keyof Inputs]: { readonly name: N; readonly input: Inputs[N] } }[keyof Inputs];

export class BoardStore {
  readonly ownerId: string;
  /** Whether the tasks are somebody else's. */
  readonly isReadOnly: boolean;
  readonly #caller: Caller;
  readonly #listeners = new Set<() => void>();
  readonly #marks = new ChangeMarks(() => {
    this.#publish();
  });
  #client: SyncClient | null = null;
  #starting: Promise<void> | null = null;
  readonly #before = new Map<string, Task | undefined>();
  #done: Done | null = null;
  #refusals: readonly Refusal[] = [];
  #signInNeeded = false;
  #state: BoardState;

  constructor(caller: Caller, ownerId: string, viewerId: string) {
    this.#caller = caller;
    this.ownerId = ownerId;
    this.isReadOnly = ownerId !== viewerId;
    const nothing = {
      tasks: new Map(),
      notifications: new Map(),
      lists: new Map(),
      pending: [],
      online: false,
    };
    this.#state = { ...nothing, changed: new Set(), done: null, refusals: [], signInNeeded: false };
  }

  /** Show what is stored in this browser, then follow the API. */
  start(): Promise<void> {
    return (this.#starting ??= this.#start());
  }

  async #start(): Promise<void> {
    this.#client = this.#clientOf(await openStorage(this.ownerId));
    this.#client.subscribe(this.#publish);
    window.addEventListener('online', () => this.#client?.wake());
    await this.#client.start();
    await this.#sendWhatWasLeft();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  readonly getState = (): BoardState => this.#state;

  /** Make changes that show at once and can be undone together; returns the tasks' ids. None is made of others' tasks. */
  edit(edits: readonly Edit[], text: TextKey, values: Values = {}): string[] {
    if (this.isReadOnly) {
      this.#tell({ text: 'owner.readOnly', values: {}, undo: null });
      return [];
    }
    const before = this.#state.tasks;
    const mutations = edits.map(({ name, input }) => this.#mutate(name, input));
    const undo = (): void => {
      const inverses = mutations
        .toReversed()
        .flatMap((mutation) => inverseOf(mutation, before.get(mutation.id)));
      for (const { name, input } of inverses) this.#mutate(name, input);
      this.#tell(null);
    };
    this.#tell({ text, values, undo });
    return mutations.map(({ id }) => id);
  }

  /** Say what was done where there is nothing to undo here. */
  say(text: TextKey, values: Values = {}, undo: (() => void) | null = null): void {
    this.#tell({ text, values, undo });
  }

  forgetDone(): void {
    this.#tell(null);
  }

  settleRefusal(refusal: Refusal): void {
    this.#refusals = this.#refusals.filter((other) => other !== refusal);
    this.#publish();
  }

  /** Ask for what is not pushed: lists, and what one has read. */
  refresh(): void {
    this.#client?.refresh();
  }

  #mutate<N extends keyof Inputs>(name: N, input: Inputs[N]): Mutation {
    if (!this.#client) throw new Error('The store has not started.');
    const before = this.#client.getSnapshot().tasks;
    const mutation = this.#client.mutate(name, input);
    this.#before.set(mutation.clientMutationId, before.get(mutation.id));
    this.#marks.own(mutation.id);
    return mutation;
  }

  #tell(done: Done | null): void {
    this.#done = done;
    this.#publish();
  }

  readonly #publish = (): void => {
    if (!this.#client) return;
    const found = this.#client.getSnapshot();
    const snapshot = { ...found, tasks: keptTasks(this.#state.tasks, found.tasks) };
    const changed = this.#marks.compare(snapshot);
    const own = { done: this.#done, refusals: this.#refusals, signInNeeded: this.#signInNeeded };
    this.#state = { ...snapshot, ...own, changed };
    this.#listeners.forEach((listener) => {
      listener();
    });
  };

  /** Edits of tabs that were closed before they could be sent. */
  async #sendWhatWasLeft(): Promise<void> {
    for (const storage of await leftStorages(this.ownerId)) {
      const client = this.#clientOf(storage);
      await client.start();
      const stopWhenSent = (): void => {
        const { pending, online } = client.getSnapshot();
        if (online && !pending.length) void client.stop();
      };
      client.subscribe(stopWhenSent);
    }
  }

  async #headers(refused: boolean): Promise<Headers> {
    try {
      const headers = await this.#caller.headers(refused);
      this.#signInNeeded = false;
      return headers;
    } catch (error) {
      this.#signInNeeded = error instanceof SignInNeededError;
      throw error;
    }
  }

  #clientOf(storage: DocumentStorage): SyncClient {
    return new SyncClient({
      url: this.#caller.url,
      ownerId: this.ownerId,
      auth: (refused) => this.#headers(refused),
      storage,
      onRefused: (mutation, errors) => {
        const before = this.#before.get(mutation.clientMutationId) ?? null;
        this.#refusals = [...this.#refusals, { mutation, errors, before }];
        this.#publish();
      },
    });
  }
}
