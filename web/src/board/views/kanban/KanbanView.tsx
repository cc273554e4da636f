import { useMemo, useState } from 'react';
import { t } from '../../../languages/languages';
import { useRoute } from '../../shell/route';
import { useBoard } from '../../store/context';
import { STATUSES } from '../../tasks/statuses';
import { Column } from './Column';
import { columnsOf } from './columns';
import { Filters } from './Filters';
import './Kanban.css';
import { useCardKeys } from './useCardKeys';
import { useMoveCard } from './useMoveCard';

/** All tasks by status. A card is moved by dragging, by its menu, or by Alt and the arrow keys. */
export default function KanbanView() {
  const { tasks } = useBoard();
  const { list: listId } = useRoute();
  const [label, setLabel] = useState<string | null>(null);
  const columns = useMemo(() => columnsOf(tasks, { listId, label }), [tasks, listId, label]);
  const [wanted, setWanted] = useState<string | null>(null);
  const move = useMoveCard(columns, setWanted);
  const onKeyDown = useCardKeys(columns, move, setWanted);
  return (
    <section className="view kanban">
      <div className="view-head">
        <h1>{t('view.board')}</h1>
        <Filters listId={listId} label={label} onLabel={setLabel} />
      </div>
      <div className="columns" onKeyDown={onKeyDown}>
        {STATUSES.map((status) => (
          <Column
            key={status}
            status={status}
            tasks={columns[status]}
            wanted={wanted}
            onFocused={setWanted}
            move={move}
          />
        ))}
      </div>
    </section>
  );
}
