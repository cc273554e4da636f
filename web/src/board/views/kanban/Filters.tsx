import { t } from '../../../languages/languages';
import { go } from '../../shell/route';
import { useBoard } from '../../store/context';
import { activeLists } from '../../tasks/lists';
import { labelsOf } from '../../tasks/selections';

interface Props {
  readonly listId: string | null;
  readonly label: string | null;
  readonly onLabel: (label: string | null) => void;
}

/** Which tasks the board shows: those of a list, and those with a label. */
export function Filters({ listId, label, onLabel }: Props) {
  const { lists, tasks } = useBoard();
  return (
    <div className="filters">
      <select
        className="input"
        aria-label={t('kanban.list')}
        value={listId ?? ''}
        onChange={({ target }) => {
          go({ list: target.value || null });
        }}
      >
        <option value="">{t('kanban.allLists')}</option>
        {activeLists(lists).map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <select
        className="input"
        aria-label={t('kanban.label')}
        value={label ?? ''}
        onChange={({ target }) => {
          onLabel(target.value || null);
        }}
      >
        <option value="">{t('kanban.allLabels')}</option>
        {labelsOf(tasks).map((name) => (
          <option key={name} value={name}>
            #{name}
          </option>
        ))}
      </select>
    </div>
  );
}
