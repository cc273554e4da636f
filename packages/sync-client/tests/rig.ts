/** A device for tests that read as sentences: what the client asks for is waited for and answered by hand. */
import assert from 'node:assert/strict';
import type { Snapshot, Task } from '../src/client.js';
import { Device, type Command, type Effect } from './device.js';

export const OWNER = 'ada';
type Input = Readonly<Record<string, unknown>>;

export function task(id: string, version: number, more: Partial<Task> = {}): Task {
  return {
    id: `Task:${OWNER}:${id}`, ownerId: OWNER, parentId: null, version, title: id, description: null, status: 'PENDING', priority: 'NORMAL',
    labels: [], dueAt: null, dueOn: null, timeZone: 'UTC', remindBefore: [], remindAt: [], rank: 'a0', listId: null, sectionId: null, recurrence: null, overdue: false, completedAt: null, completedLate: false,
    createdAt: '2026-11-23T08:00:00.000Z', updatedAt: '2026-11-23T08:00:00.000Z', deletedAt: null,
    processing: { state: 'SUCCEEDED', error: null }, progress: { total: 0, completed: 0 }, ...more,
  };
}

export const live = (node: Task) => ({ nodeId: node.id, version: node.version, deleted: false, node: { __typename: 'Task', ...node } });
export const list = (name: string, version: number) => {
  const id = `TaskList:${OWNER}:1`;
  return { nodeId: id, version, deleted: false, node: { __typename: 'TaskList', id, version, name, color: null, rank: 'a0', archivedAt: null, sections: [] } };
};
export const gone = (id: string, version: number) => ({ nodeId: `Task:${OWNER}:${id}`, version, deleted: true, node: null });

/** A page of `changes`. */
export function page(nodes: readonly object[], cursor: string, more: { hasMore?: boolean; fullSyncRequired?: boolean } = {}): object {
  return { changes: { nodes, cursor, hasMore: false, fullSyncRequired: false, ...more } };
}

export class Rig {
  readonly log: Effect[] = [];
  private readonly device: Device;
  stores = true; // whether storage answers
  private taken = 0;

  constructor(document: string | null = null) {
    this.device = new Device({ device: 'device', do: 'start', now: 0, seed: 1, ownerId: OWNER, document, pollMs: 300_000 });
  }

  /** A device that is subscribed and has caught up with these changes. */
  static async following(nodes: readonly object[] = []): Promise<Rig> {
    const rig = new Rig();
    await rig.do('start');
    await rig.subscribed();
    await rig.answers(page(nodes, 'c1'));
    return rig;
  }

  get screen(): Snapshot { return this.device.client.getSnapshot(); }
  get titles(): string[] { return [...this.screen.tasks.values()].map(({ title }) => title).sort(); }
  get document(): string { return String(this.log.findLast((effect) => effect.do === 'store')?.['document']); }
  get refused(): unknown[] { return this.log.filter((effect) => effect.do === 'refused').map((effect) => effect['codes']); }

  async do(command: string, more: Partial<Command> = {}): Promise<void> {
    this.device.do({ device: 'device', do: command, now: this.device.now, ...more });
    for (;;) {
      await new Promise(setImmediate);
      const effects = this.device.effects.splice(0);
      this.log.push(...effects);
      const stores = effects.filter((effect) => effect.do === 'store');
      if (!stores.length || !this.stores) return;
      for (const { id } of stores) this.device.do({ device: 'device', do: 'stored', now: this.device.now, id: Number(id) });
    }
  }

  /** Let storage answer, also what it was asked before. */
  async storage(): Promise<void> {
    this.stores = true;
    const [{ id } = { id: 0 }] = this.log.filter((effect) => effect.do === 'store').slice(-1);
    await this.do('stored', { id: Number(id) });
  }

  /** The next effect of a kind that was not taken yet. */
  next(kind: string): Effect {
    const place = this.log.findIndex((effect, number) => number >= this.taken && effect.do === kind);
    assert.notEqual(place, -1, `The client did not ${kind}.`);
    this.taken = place + 1;
    return this.log[place]!;
  }

  has(kind: string): boolean { return this.log.some((effect, number) => number >= this.taken && effect.do === kind); }

  async subscribed(): Promise<void> {
    const { id } = this.next('connect');
    await this.do('open', { id: Number(id) });
    await this.message(Number(id), { type: 'connection_ack', payload: { connectionTimeoutMs: 300_000 } });
    await this.message(Number(id), { type: 'start_ack', id: '1' });
  }

  message(id: number, message: object): Promise<void> { return this.do('message', { id, data: JSON.stringify(message) }); }

  push(type: string, node: Task): Promise<void> {
    const socket = this.log.findLast((effect) => effect.do === 'connect');
    return this.message(Number(socket?.['id']), { type: 'data', id: '1', payload: { data: { onTaskEvent: { type, task: node } } } });
  }

  /** The next request. */
  request(): { query: string; variables: { since?: string | null; input?: Input }; id: number } {
    const { id, body } = this.next('fetch');
    return { ...(JSON.parse(String(body)) as { query: string; variables: { since?: string | null; input?: Input } }), id: Number(id) };
  }

  /** Answer the next request; its variables. */
  async answers(data: object | null, errors?: readonly object[], status = 200): Promise<{ since?: string | null; input?: Input }> {
    const { id, variables } = this.request();
    await this.do('answer', { id, status, body: JSON.stringify({ data, ...(errors && { errors }) }) });
    return variables;
  }

  async payload(name: string, node: Task | null, ...codes: string[]): Promise<Input> {
    const errors = codes.map((code) => ({ code, message: code, field: null }));
    return (await this.answers({ [name]: { task: node, errors } })).input!;
  }

  /** Let the time of the last timer come. */
  async timer(): Promise<number> {
    const timer = this.log.findLast((effect) => effect.do === 'timer')!;
    this.device.now += Number(timer['milliseconds']);
    await this.do('timer', { id: Number(timer['id']), now: this.device.now });
    return Number(timer['milliseconds']);
  }
}
