import type { TaskList } from '@taskbell/sync-client';
import { useId, useState, type SubmitEvent } from 'react';
import { Dialog } from '../../../interface/Dialog';
import { t } from '../../../languages/languages';
import { ColorChoice } from './ColorChoice';
import type { Problem } from './useListChanges';

interface Props {
  readonly title: string;
  readonly list?: TaskList;
  readonly onSave: (input: { name: string; color: string | null }) => Promise<Problem>;
  readonly onClose: () => void;
}

const MAX_LENGTH = 100;

/** Name and colour of a list; what the API does not take is said below the name. */
export function ListForm({ title, list, onSave, onClose }: Props) {
  const id = useId();
  const [name, setName] = useState(list?.name ?? '');
  const [color, setColor] = useState(list?.color ?? null);
  const [problem, setProblem] = useState<Problem>(null);
  const [busy, setBusy] = useState(false);
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const refused = await onSave({ name: name.trim(), color });
    setBusy(false);
    setProblem(refused);
    if (refused === null) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="stack" onSubmit={(event) => void save(event)}>
        <div className="field">
          <label htmlFor={id}>{t('lists.name')}</label>
          <input
            id={id}
            className="input"
            dir="auto"
            value={name}
            maxLength={MAX_LENGTH}
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
        <ColorChoice color={color} onChange={setColor} />
        <div className="row">
          <button className="button primary" disabled={busy}>
            {t('lists.save')}
          </button>
          <button className="button" type="button" onClick={onClose}>
            {t('lists.cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
