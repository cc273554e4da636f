import type { TaskList } from '@taskbell/sync-client';
import { useId, useState, type SubmitEvent } from 'react';
import { Dialog } from '../../../interface/Dialog';
import { t } from '../../../languages/languages';
import { go } from '../../shell/route';
import { useBoard } from '../../store/context';
import { activeLists } from '../../tasks/lists';
import { ofList } from '../../tasks/selections';
import { useListChanges, type Problem } from './useListChanges';

/** Asks what becomes of a list's tasks, then deletes it. */
export function DeleteListDialog({ list, onClose }: { list: TaskList; onClose: () => void }) {
  const id = useId();
  const { lists, tasks } = useBoard();
  const { remove } = useListChanges();
  const [keeps, setKeeps] = useState(true);
  const [target, setTarget] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem>(null);
  const [busy, setBusy] = useState(false);
  const count = ofList(tasks, list.id).length;
  const others = activeLists(lists).filter((other) => other.id !== list.id);
  const send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const refused = await remove(list, keeps ? 'KEEP' : 'DELETE', keeps ? target : null);
    setBusy(false);
    setProblem(refused);
    if (refused !== null) return;
    onClose();
    go({ view: 'lists' });
  };
  return (
    <Dialog title={t('lists.deleteNamed', { name: list.name })} onClose={onClose}>
      <form className="stack" onSubmit={(event) => void send(event)}>
        <fieldset className="stack choice">
          <legend>{t('lists.itsTasks', { count })}</legend>
          <label className="row">
            <input
              type="radio"
              name={id}
              checked={keeps}
              onChange={() => {
                setKeeps(true);
              }}
            />
            {t('lists.keep')}
          </label>
          <select
            className="input"
            aria-label={t('lists.keepIn')}
            disabled={!keeps}
            value={target ?? ''}
            onChange={(event) => {
              setTarget(event.target.value || null);
            }}
          >
            <option value="">{t('menu.noList')}</option>
            {others.map(({ id: otherId, name }) => (
              <option key={otherId} value={otherId}>
                {name}
              </option>
            ))}
          </select>
          <label className="row">
            <input
              type="radio"
              name={id}
              checked={!keeps}
              onChange={() => {
                setKeeps(false);
              }}
            />
            {t('lists.deleteTasks')}
          </label>
        </fieldset>
        <p className="problem" role="alert">
          {problem}
        </p>
        <div className="row">
          <button className="button danger" disabled={busy}>
            {busy ? t('lists.deleting') : t('lists.delete')}
          </button>
          <button className="button" type="button" onClick={onClose}>
            {t('lists.cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
