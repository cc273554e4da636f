import { t } from '../../languages/languages';
import { refusedDrafts } from '../quickAdd/refused';
import { useBoard, useStore } from '../store/context';
import { isConflict } from '../panel/conflicts/conflicts';
import { useRoute } from './route';

/** Changes that the API refused, except those of the open task, which stand at its fields, conflicts, and new tasks (QuickAdd). */
export function Refusals() {
  const store = useStore();
  const { refusals, tasks } = useBoard();
  const { task } = useRoute();
  const drafts = refusedDrafts(refusals).map(({ refusal }) => refusal);
  const shown = refusals.filter((refusal) => {
    const { id } = refusal.mutation;
    return !drafts.includes(refusal) && (!tasks.has(id) || (id !== task && !isConflict(refusal)));
  });
  if (!shown.length) return null;
  return (
    <ul className="refusals" role="alert">
      {shown.map((refusal) => (
        <li key={refusal.mutation.clientMutationId}>
          <span dir="auto">{'title' in refusal.mutation.input ? refusal.mutation.input.title : ''}</span>{' '}
          {refusal.errors.map(({ message }) => message).join(' ')}
          <button
            className="button plain"
            onClick={() => {
              store.settleRefusal(refusal);
            }}
          >
            {t('board.dismiss')}
          </button>
        </li>
      ))}
    </ul>
  );
}
