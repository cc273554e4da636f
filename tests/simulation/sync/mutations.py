"""Mutants of the sync client: each takes one of its rules away."""

# ruff: noqa: E501 - a mutant is a line

from tests.simulation.mutations import Mutant

_CLIENT = "packages/sync-client/src/client.ts"
_STORE = "packages/sync-client/src/store.ts"

SYNC_MUTANTS = (
    Mutant("sync: versions are not compared", _STORE, "known && at + Number(deleted) <= known.version ? known", "known && at < 0 ? known"),
    Mutant("sync: deleted things are forgotten", _STORE, "  state.entries[id] = { ...newest, generation: state.generation };\n", "  if (newest.node) state.entries[id] = { ...newest, generation: state.generation };\n  else delete state.entries[id];\n"),
    Mutant("sync: deletions are ignored", _STORE, "  nodes.forEach((change) => { apply(state, change); });\n", "  nodes.forEach((change) => { if (!change.deleted) apply(state, change); });\n"),
    Mutant("sync: the cursor is kept before what came with it", _CLIENT, "      applyPage(this.#state, page);\n", "      this.#state.cursor = page.cursor;\n      await this.#changed();\n      applyPage(this.#state, page);\n"),
    Mutant("sync: only the first page is asked for", _CLIENT, "more = page.hasMore || page.fullSyncRequired;", "more = page.fullSyncRequired;"),
    Mutant("sync: a full sync removes nothing", _STORE, "hasMore || generation === state.generation", "hasMore || generation >= 0"),
    Mutant("sync: a full sync removes what came before its end", _STORE, "hasMore || generation === state.generation", "(hasMore || true) && generation === state.generation"),
    Mutant("sync: it does not ask when it is connected again", _CLIENT, "      for (this.#askAt = 0; !this.#stopped; ) {\n", "      for (; !this.#stopped; ) {\n"),
    Mutant("sync: it never asks again", _CLIENT, "await this.#catchUp(now() + askEveryMs)", "await this.#catchUp(askEveryMs && Infinity)"),
    Mutant("sync: the queue is not persisted", _CLIENT, "JSON.stringify(this.#state)", "JSON.stringify({ ...this.#state, queue: [] })"),
    Mutant("sync: the queue is not replayed", _CLIENT, "        await this.#replay();\n", "        if (!this.#state.queue[0]?.sent) await this.#replay();\n        else await this.#pause(this.#askAt - now());\n"),
    Mutant("sync: what is sent again gets another id", _CLIENT, "      const { name, clientMutationId } = next;\n", "      const { name } = next, clientMutationId = next.sent ? `${next.clientMutationId}x` : next.clientMutationId;\n"),
    Mutant("sync: what got no answer is dropped", _CLIENT, "        if (!isOf(error, REFUSALS)) throw error;\n", "        if (!isOf(error, REFUSALS)) return { task: null, errors: [{ code: 'CONFLICT', message: '', field: null }] };\n"),
    Mutant("sync: what is not available now counts as refused", _CLIENT, "const REFUSALS = ['VALIDATION',", "const REFUSALS = ['UNAVAILABLE', 'VALIDATION',"),
    Mutant("sync: sent before it is persisted", _CLIENT, "      await this.#changed(); // first,", "      void this.#changed(); // first,"),
    Mutant("sync: the newest in the queue is sent first", _STORE, "state.queue = state.queue.slice(1).map", "state.queue = state.queue.slice(1).reverse().map"),
    Mutant("sync: a refused change stays on screen", _CLIENT, "      settle(this.#state, next, errors.length ? null : task);\n", "      if (!errors.length) settle(this.#state, next, task);\n      else this.#state.queue = [...this.#state.queue.slice(1), next];\n"),
    Mutant("sync: what is queued does not follow the id of the server", _STORE, "if (task && input.id === done.id) Object", "if (task && input.id === task.id) Object"),
    Mutant("sync: a guarded change always follows what was answered", _STORE, "'expectedVersion' in done.input && !done.sent", "'expectedVersion' in done.input"),
    Mutant("sync: a connection that ends is not noticed", _CLIENT, "const onEnd = (): void => { lost = true; this.wake(); };", "const onEnd = (): void => { lost = false; };"),
    Mutant("sync: silence is not noticed", "packages/sync-client/src/realtime.ts", "watchdog = setTimeout(", "watchdog ??= setTimeout("),
)  # fmt: skip
