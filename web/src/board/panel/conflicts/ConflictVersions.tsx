import { t } from '../../../languages/languages';
import { useBoard } from '../../store/context';
import { fieldName, fieldWords } from '../fieldWords';
import type { Choice, ConflictField } from './conflicts';

interface Props {
  readonly field: ConflictField;
  /** Null where there is nothing to choose field by field. */
  readonly choice: Choice | null;
  readonly onChoose: (choice: Choice) => void;
}

/** One field as one wanted it and as others left it. */
export function ConflictVersions({ field: { field, mine, theirs }, choice, onChoose }: Props) {
  const { tasks, lists } = useBoard();
  const versions = { mine, theirs };
  return (
    <fieldset className="conflict">
      <legend>{fieldName(field)}</legend>
      {(['mine', 'theirs'] as const).map((side) => (
        <label key={side} data-side={side}>
          <span className="side">
            {choice && (
              <input type="radio" name={field} checked={choice === side} onChange={() => onChoose(side)} />
            )}
            {t(`conflict.${side}`)}
          </span>
          <span className="value" dir="auto">
            {fieldWords(field, versions[side], { tasks, lists })}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
