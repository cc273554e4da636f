/** One client, with everything that it touches: commands go in, what it asks for comes out. */
import { SyncClient, type Inputs } from '../src/client.js';

export type Effect = Readonly<Record<string, unknown> & { do: string }>;
export interface Command {
  readonly device: string; readonly do: string; readonly now: number;
  readonly seed?: number; readonly ownerId?: string; readonly document?: string | null; readonly pollMs?: number;
  readonly id?: number; readonly status?: number; readonly body?: string; readonly data?: string;
  readonly name?: keyof Inputs; readonly input?: Inputs[keyof Inputs];
}

/** A number in [0, 1) each time (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(private readonly device: Device, private readonly id: number) {}
  send(data: string): void { this.device.tell({ do: 'send', id: this.id, data }); }
  close(): void { this.device.tell({ do: 'close', id: this.id }); }
}

interface Pending { readonly resolve: (value: never) => void; readonly reject: (error: Error) => void }

export class Device {
  now = 0;
  effects: Effect[] = [];
  readonly client: SyncClient;
  private readonly pending = new Map<number, Pending>();
  private readonly sockets = new Map<number, Socket>();
  private readonly timers = new Map<number, () => void>();
  private number = 0;
  private readonly newest = new Map<string, number>(); // the versions that were on screen
  private readonly hidden = new Set<string>();

  constructor({ seed, ownerId, document, pollMs }: Command) {
    const device = this, random = chance(seed!);
    class SocketOfDevice extends Socket {
      constructor(url: string, protocols: string[]) {
        const id = device.next();
        super(device, id);
        device.sockets.set(id, this);
        device.tell({ do: 'connect', id, url, protocols });
      }
    }
    this.client = new SyncClient({
      url: 'https://simulated.appsync-api.eu-central-1.amazonaws.com/graphql',
      ownerId: ownerId!,
      auth: async (refused) => ({ authorization: refused ? 'refreshed' : 'token' }),
      storage: {
        get: () => Promise.resolve(document ?? null),
        set: (written) => this.ask({ do: 'store', document: written }),
      },
      onRefused: ({ clientMutationId }, errors) => { this.tell({ do: 'refused', clientMutationId, codes: errors.map(({ code }) => code) }); },
      askEveryMs: pollMs!,
      fetch: (_url, request) => this.ask({ do: 'fetch', body: String(request?.body) }),
      WebSocket: SocketOfDevice as unknown as new (url: string, protocols: string[]) => WebSocket,
      now: () => this.now,
      random,
      uuid: () => '00000000-0000-4000-8000-000000000000'.replace(/0/g, () => Math.floor(random() * 16).toString(16)),
      setTimeout: (action, milliseconds) => {
        const id = this.next();
        this.timers.set(id, action);
        this.tell({ do: 'timer', id, milliseconds });
        return id;
      },
      clearTimeout: (timer) => {
        if (this.timers.delete(timer as number)) this.tell({ do: 'clear', id: timer });
      },
    });
    this.client.subscribe(() => { this.compare(); });
  }

  /** Tells when a task goes back to a version before one that was on screen, or comes back after it was deleted. */
  private compare(): void {
    const { tasks, pending } = this.client.getSnapshot();
    for (const { id, version } of tasks.values()) {
      const newest = this.newest.get(id) ?? 0;
      if (version < newest || (this.hidden.has(id) && version === newest)) this.tell({ do: 'back', id, version, newest });
      this.newest.set(id, Math.max(newest, version));
      this.hidden.delete(id);
    }
    for (const id of this.newest.keys()) {
      if (!tasks.has(id) && !pending.some((mutation) => mutation.id === id)) this.hidden.add(id);
    }
  }

  next(): number { return (this.number += 1); }
  tell(effect: Effect): void { this.effects.push(effect); }

  /** What the simulation answers, by the id of the request. */
  private ask<T>(effect: Effect): Promise<T> {
    const id = this.next();
    this.tell({ ...effect, id });
    return new Promise((resolve, reject) => { this.pending.set(id, { resolve: resolve as (value: never) => void, reject }); });
  }

  do(command: Command): void {
    this.now = command.now;
    const { id = 0, status = 200, body = '' } = command;
    const pending = this.pending.get(id), socket = this.sockets.get(id);
    switch (command.do) {
      case 'start': void this.client.start(); break;
      case 'wake': this.client.wake(); break;
      case 'refresh': this.client.refresh(); break;
      case 'mutate': {
        const { clientMutationId, id: of } = this.client.mutate(command.name!, command.input!);
        this.tell({ do: 'queued', clientMutationId, id: of });
        break;
      }
      case 'answer': pending?.resolve({ status, json: () => Promise.resolve().then(() => JSON.parse(body)) } as never); break;
      case 'stored': pending?.resolve(undefined as never); break;
      case 'fail': pending?.reject(new TypeError('fetch failed')); break;
      case 'open': socket?.onopen?.(); break;
      case 'message': socket?.onmessage?.({ data: command.data! }); break;
      case 'closed': socket?.onclose?.(); break;
      case 'timer': {
        const action = this.timers.get(id);
        this.timers.delete(id);
        action?.();
        break;
      }
      case 'show': {
        const { tasks, notifications, pending: queue, online } = this.client.getSnapshot();
        this.tell({ do: 'shown', tasks: [...tasks.values()], notifications: [...notifications.values()], pending: queue, online });
      }
    }
  }
}
