import type { Task } from '@taskbell/sync-client';
import { useState } from 'react';
import { SkipOccurrenceDocument, UndoDocument } from '../../api/operations';
import { request } from '../../api/request';
import { t } from '../../languages/languages';
import { go } from '../shell/route';
import { useBoard, useSession, useStore } from '../store/context';

/** What one does with the whole task: delete it, or skip this occurrence of it. */
export function PanelActions({ task }: { task: Task }) {
  const store = useStore();
  const session = useSession();
  const { online } = useBoard();
  const [problem, setProblem] = useState('');
  const { id, title, recurrence, status } = task;

  const remove = (): void => {
    store.edit([{ name: 'deleteTask', input: { id } }], 'done.deleted', { count: 1, title });
    go({ task: null });
  };
  const undo = async (token: string): Promise<void> => {
    await request(session, UndoDocument, {
      input: { tokens: [token], clientMutationId: crypto.randomUUID() },
    });
    store.forgetDone();
    store.refresh();
  };
  const skip = async (): Promise<void> => {
    const input = { id, clientMutationId: crypto.randomUUID() };
    const { skipOccurrence } = await request(session, SkipOccurrenceDocument, { input });
    const { errors, next, undo: token } = skipOccurrence;
    if (errors[0]) throw new Error(errors[0].message);
    store.refresh();
    store.say('done.skipped', { title }, token ? () => void undo(token) : null);
    go({ task: next?.id ?? null });
  };
  return (
    <div className="stack tight actions">
      <div className="row">
        {recurrence && status !== 'COMPLETED' && (
          <button
            className="button"
            disabled={!online}
            onClick={() => {
              skip().catch((error: unknown) => setProblem(String(error)));
            }}
          >
            {t('panel.skip')}
          </button>
        )}
        <button className="button danger" onClick={remove}>
          {t('panel.delete')}
        </button>
      </div>
      <p className="problem" role="alert">
        {problem}
      </p>
    </div>
  );
}
