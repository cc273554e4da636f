import type { SubmitEvent } from 'react';
import { t } from '../../languages/languages';
import { traceHash, type Traced } from './route';

/** Names the task: by its id, or by its key or the id of a dead letter together with its owner. */
export function TraceForm({ traced, onAgain }: { traced: Traced | null; onAgain: () => void }) {
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.currentTarget)) as Record<'id' | 'owner', string>;
    const hash = traceHash({ id: given.id.trim(), ownerId: given.owner.trim() || null });
    if (hash === location.hash) onAgain();
    else location.hash = hash;
  };
  return (
    <form className="trace-form" onSubmit={submit}>
      <div className="field">
        <label htmlFor="trace-id">{t('trace.id')}</label>
        <input id="trace-id" name="id" className="input" required defaultValue={traced?.id} />
      </div>
      <div className="field">
        <label htmlFor="trace-owner">{t('trace.owner')}</label>
        <input id="trace-owner" name="owner" className="input" defaultValue={traced?.ownerId ?? ''} />
      </div>
      <button className="button primary">{t('trace.go')}</button>
    </form>
  );
}
