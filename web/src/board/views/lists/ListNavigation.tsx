import { t } from '../../../languages/languages';
import { useBoard } from '../../store/context';
import { activeLists, openCounts } from '../../tasks/lists';
import './ListNavigation.css';
import { ListLink } from './ListLink';

/** The lists below the views, where there is room for them: tasks can be dropped on them. */
export default function ListNavigation() {
  const { lists, tasks } = useBoard();
  const active = activeLists(lists);
  if (!active.length) return null;
  const counts = openCounts(tasks);
  return (
    <ul className="list-links" aria-label={t('view.lists')}>
      {active.map((list) => (
        <ListLink key={list.id} list={list} open={counts.get(list.id) ?? 0} />
      ))}
    </ul>
  );
}
