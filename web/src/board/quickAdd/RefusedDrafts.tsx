import { t } from '../../languages/languages';
import { useBoard, useStore } from '../store/context';
import { refusedDrafts, type RefusedDraft } from './refused';

/** New tasks that the API refused, each with the reason and a way back into the field. */
export function RefusedDrafts({ onEdit }: { onEdit: (refused: RefusedDraft) => void }) {
  const store = useStore();
  const refused = refusedDrafts(useBoard().refusals);
  if (!refused.length) return null;
  return (
    <ul className="refusals" role="alert">
      {refused.map((draft) => (
        <li key={draft.refusal.mutation.clientMutationId}>
          <span>
            {t('add.refused')} <bdi className="wrapped">{draft.input.title}</bdi>{' '}
            {draft.refusal.errors.map(({ message }) => message).join(' ')}
          </span>
          <button
            className="button"
            onClick={() => {
              store.settleRefusal(draft.refusal);
              onEdit(draft);
            }}
          >
            {t('add.editAgain')}
          </button>
          <button
            className="button plain"
            onClick={() => {
              store.settleRefusal(draft.refusal);
            }}
          >
            {t('board.dismiss')}
          </button>
        </li>
      ))}
    </ul>
  );
}
