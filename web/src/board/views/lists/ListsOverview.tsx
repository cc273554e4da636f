import { useState } from 'react';
import { t } from '../../../languages/languages';
import { go } from '../../shell/route';
import { useBoard } from '../../store/context';
import { activeLists, archivedLists, openCounts } from '../../tasks/lists';
import { ListCard } from './ListCard';
import { ListForm } from './ListForm';
import { useListChanges } from './useListChanges';
import { useListOrder } from './useListOrder';

/** The lists in their order, with what is open in each; archived ones below. */
export function ListsOverview() {
  const { lists, tasks } = useBoard();
  const [creating, setCreating] = useState(false);
  const { create } = useListChanges();
  const active = activeLists(lists);
  const archived = archivedLists(lists);
  const counts = openCounts(tasks);
  const order = useListOrder(active);
  return (
    <section className="view lists">
      <div className="view-head">
        <h1>{t('view.lists')}</h1>
        <button
          className="button primary"
          onClick={() => {
            setCreating(true);
          }}
        >
          {t('lists.new')}
        </button>
      </div>
      <div className="lists-scroller">
        {!active.length && <p className="empty">{t('lists.empty')}</p>}
        <ul className="list-cards" aria-label={t('view.lists')}>
          {active.map((list, index) => (
            <ListCard
              key={list.id}
              list={list}
              open={counts.get(list.id) ?? 0}
              moves={order.moves(index)}
              onDrop={(id, edge) => {
                order.drop(id, index, edge);
              }}
            />
          ))}
        </ul>
        {archived.length > 0 && (
          <details className="archived">
            <summary>{t('lists.archived', { count: archived.length })}</summary>
            <ul className="list-cards" aria-label={t('lists.archived', { count: archived.length })}>
              {archived.map((list) => (
                <ListCard key={list.id} list={list} open={counts.get(list.id) ?? 0} moves={[]} />
              ))}
            </ul>
          </details>
        )}
      </div>
      {creating && (
        <ListForm
          title={t('lists.new')}
          onSave={async (input) => {
            const { id, problem } = await create(input);
            if (id) go({ view: 'lists', list: id });
            return problem;
          }}
          onClose={() => {
            setCreating(false);
          }}
        />
      )}
    </section>
  );
}
