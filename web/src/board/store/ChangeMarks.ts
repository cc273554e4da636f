/** Which tasks others, or the pipeline, changed a moment ago: their versions grew without a change of one's own. */
import type { Snapshot, Task } from '@taskbell/sync-client';

const MARKED_MS = 2_500;
const OWN_MS = 5_000; // an answer or its push comes within that time, else it counts as somebody else's

export class ChangeMarks {
  readonly #expired: () => void;
  readonly #own = new Map<string, number>();
  #versions = new Map<string, number>();
  #shown: ReadonlyMap<string, Task> = new Map();
  #marked: ReadonlySet<string> = new Set();
  #started = false;

  /** @param expired is called when a mark has had its time. */
  constructor(expired: () => void) {
    this.#expired = expired;
  }

  /** The next versions of this task are one's own. */
  own(id: string): void {
    this.#own.set(id, Date.now());
  }

  /** Return the ids that are marked now. What comes before the first contact with the API is not marked. */
  compare({ tasks, pending, online }: Snapshot): ReadonlySet<string> {
    if (tasks === this.#shown) return this.#marked;
    const mine = new Set(pending.map(({ id }) => id));
    const grown: string[] = [];
    const versions = new Map<string, number>();
    for (const { id, version } of tasks.values()) {
      versions.set(id, version);
      if (version > (this.#versions.get(id) ?? 0) && !mine.has(id) && !this.#isOwn(id)) grown.push(id);
    }
    this.#shown = tasks;
    this.#versions = versions;
    if (this.#started && grown.length) this.#mark(grown);
    this.#started ||= online;
    return this.#marked;
  }

  #isOwn(id: string): boolean {
    const since = this.#own.get(id);
    if (since === undefined) return false;
    if (Date.now() - since < OWN_MS) return true;
    this.#own.delete(id);
    return false;
  }

  #mark(ids: readonly string[]): void {
    this.#marked = new Set([...this.#marked, ...ids]);
    setTimeout(() => {
      this.#marked = new Set([...this.#marked].filter((id) => !ids.includes(id)));
      this.#expired();
    }, MARKED_MS);
  }
}
