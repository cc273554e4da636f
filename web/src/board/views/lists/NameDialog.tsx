import { useId, useState, type SubmitEvent } from 'react';
import { Dialog } from '../../../interface/Dialog';
import { t } from '../../../languages/languages';
import type { Problem } from './useListChanges';

interface Props {
  readonly title: string;
  readonly label: string;
  readonly name: string;
  readonly onSave: (name: string) => Promise<Problem>;
  readonly onClose: () => void;
}

/** Asks for a name; what the API does not take is said below it. */
export function NameDialog({ title, label, name: former, onSave, onClose }: Props) {
  const id = useId();
  const [name, setName] = useState(former);
  const [problem, setProblem] = useState<Problem>(null);
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const refused = await onSave(name.trim());
    setProblem(refused);
    if (refused === null) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="stack" onSubmit={(event) => void save(event)}>
        <div className="field">
          <label htmlFor={id}>{label}</label>
          <input
            id={id}
            className="input"
            dir="auto"
            value={name}
            required
            aria-invalid={problem !== null}
            aria-describedby={`${id}-problem`}
            onChange={({ target }) => {
              setName(target.value);
            }}
          />
          <p className="problem" id={`${id}-problem`} role="alert">
            {problem}
          </p>
        </div>
        <div className="row">
          <button className="button primary">{t('lists.save')}</button>
          <button className="button" type="button" onClick={onClose}>
            {t('lists.cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
