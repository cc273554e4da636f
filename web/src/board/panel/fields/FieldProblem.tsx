import { t } from '../../../languages/languages';
import type { Field } from '../useField';

/** Why the API refused what stands in a field, and a way back to what is stored. */
export function FieldProblem<T>({ field: { problem, problemId, discard } }: { field: Field<T> }) {
  if (problem === null) return null;
  return (
    <p className="problem" role="alert">
      <span id={problemId}>{problem}</span>{' '}
      <button className="button plain small" onClick={discard}>
        {t('panel.discard')}
      </button>
    </p>
  );
}
