/** Deletes tasks of the trash for good. */
import { EmptyTrashDocument, PurgeTasksDocument } from '../../../api/operations';
import { request, type Caller } from '../../../api/request';

const BATCH = 25;

/** Told after each call: the ids of what is gone. */
export type Progress = (purgedIds: readonly string[]) => void;

/** Delete these tasks; rejects with the first refusal, after all of that call have been tried. Missing ones are gone. */
export async function purge(caller: Caller, ids: readonly string[], progress: Progress): Promise<void> {
  for (let from = 0; from < ids.length; from += BATCH) {
    const batch = ids.slice(from, from + BATCH);
    const input = batch.map((id) => ({ id, clientMutationId: crypto.randomUUID() }));
    const { purgeTasks: payloads } = await request(caller, PurgeTasksDocument, { input });
    const refusals = payloads.map(({ errors }) => errors.find(({ code }) => code !== 'NOT_FOUND'));
    progress(batch.filter((_, index) => !refusals[index]));
    const refusal = refusals.find(Boolean);
    if (refusal) throw new Error(refusal.message);
  }
}

/** Delete everything, as many calls as it takes; `signal` stops it between two. */
export async function emptyTrash(caller: Caller, progress: Progress, signal: AbortSignal): Promise<void> {
  for (let hasMore = true; hasMore && !signal.aborted;) {
    const input = { clientMutationId: crypto.randomUUID() };
    const { emptyTrash: payload } = await request(caller, EmptyTrashDocument, { input });
    const [error] = payload.errors;
    if (error) throw new Error(error.message);
    progress(payload.purgedTaskIds);
    hasMore = payload.hasMore;
  }
}
