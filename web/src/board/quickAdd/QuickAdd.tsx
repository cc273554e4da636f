import type { Inputs } from '@taskbell/sync-client';
import { useRef, useState, type SubmitEvent } from 'react';
import { useShortcut } from '../../interface/shortcuts';
import { t } from '../../languages/languages';
import { useBoard, useStore } from '../store/context';
import { inputOf, type Mark } from './draft';
import { DraftChips } from './DraftChips';
import './QuickAdd.css';
import { lineOf, type RefusedDraft } from './refused';
import { RefusedDrafts } from './RefusedDrafts';
import { useDraft } from './useDraft';

const LONGEST_TITLE = 200;

/** One line that makes a task: what it says of dates, labels, priority and list is shown before it is saved. */
export function QuickAdd() {
  const store = useStore();
  const { lists } = useBoard();
  const field = useRef<HTMLInputElement>(null);
  const { text, ignored, draft, write, read, readDates } = useDraft();
  const [kept, setKept] = useState<Partial<Inputs['createTask']>>({});
  const [problem, setProblem] = useState('');
  useShortcut(['n', 'q'], () => field.current?.focus());

  const change = (changed: string): void => {
    write(changed);
    setProblem('');
    if (!changed) setKept({});
  };

  const add = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const ready = await readDates();
    if (!ready.title) return;
    if (Array.from(ready.title).length > LONGEST_TITLE) {
      setProblem(t('add.tooLong', { most: LONGEST_TITLE }));
      return;
    }
    const input = { ...kept, ...inputOf(ready) };
    store.edit([{ name: 'createTask', input }], 'done.created', { title: ready.title });
    change('');
  };

  const remove = ({ key }: Mark): void => {
    write(text, new Set([...ignored, key]));
    field.current?.focus();
  };

  const editAgain = ({ refusal, input }: RefusedDraft): void => {
    const [line, rest] = lineOf(input, lists);
    write(line, new Set(read(input.title).marks.map(({ key }) => key)));
    setKept(rest);
    setProblem(refusal.errors.map(({ message }) => message).join(' '));
    field.current?.focus();
  };

  return (
    <>
      <RefusedDrafts onEdit={editAgain} />
      <form className="quick-add" onSubmit={(event) => void add(event)}>
        <input
          ref={field}
          className="input"
          dir="auto"
          autoComplete="off"
          aria-label={t('add.text')}
          aria-describedby="quick-add-hint quick-add-problem"
          aria-invalid={problem !== ''}
          placeholder={t('add.hint')}
          value={text}
          onFocus={() => void readDates()}
          onChange={({ target }) => {
            change(target.value);
          }}
        />
        <button className="button primary">{t('add.add')}</button>
        <p className="hidden-text" id="quick-add-hint">
          {t('add.hint')}
        </p>
        <p className="problem" id="quick-add-problem" role="alert">
          {problem}
        </p>
        <DraftChips draft={draft} onRemove={remove} />
      </form>
    </>
  );
}
