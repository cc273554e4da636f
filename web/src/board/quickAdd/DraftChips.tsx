import { t } from '../../languages/languages';
import { useBoard } from '../store/context';
import { addDays, formatDay, formatTime, today } from '../tasks/dates';
import type { Draft, Mark } from './draft';

const ORDER: readonly Mark['kind'][] = ['due', 'recurrence', 'list', 'label', 'priority'];

/** What was read besides the title. A chip that is removed gives its words back to the title. */
export function DraftChips({ draft, onRemove }: { draft: Draft; onRemove: (mark: Mark) => void }) {
  const { lists } = useBoard();
  const marks = draft.marks.toSorted((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind));
  const chips = marks.map((mark) => ({
    mark,
    text: textOf(mark, mark.kind === 'list' ? (lists.get(mark.listId)?.name ?? '') : ''),
  }));
  return (
    <>
      <p className="hidden-text" role="status">
        {chips.map(({ text }) => text).join(', ')}
      </p>
      {chips.length > 0 && (
        <ul className="chips" aria-label={t('add.read')}>
          <li className="title" dir="auto">
            {draft.title}
          </li>
          {chips.map(({ mark, text }) => (
            <li key={mark.key}>
              <button
                type="button"
                className={`chip ${mark.kind}`}
                aria-label={t('add.remove', { text })}
                title={t('add.remove', { text })}
                onClick={() => {
                  onRemove(mark);
                }}
              >
                <bdi>{text}</bdi> <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function textOf(mark: Mark, list: string): string {
  if (mark.kind === 'due') return t('add.due', { due: dueText(mark.day, mark.time) });
  if (mark.kind === 'recurrence') return t('add.repeats', { words: mark.words });
  if (mark.kind === 'priority') return t('add.priority', { priority: t(`priority.${mark.priority}`) });
  return mark.kind === 'label' ? t('add.label', { label: mark.label }) : t('add.list', { list });
}

function dueText(day: string, time: string | null): string {
  const name = { [today()]: t('list.today'), [addDays(today(), 1)]: t('list.tomorrow') }[day];
  const at = time && formatTime(new Date(`${day}T${time}`).getTime());
  return [name, formatDay(day), at].filter(Boolean).join(', ');
}
