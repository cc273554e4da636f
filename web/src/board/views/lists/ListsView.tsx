import { t } from '../../../languages/languages';
import { useRoute } from '../../shell/route';
import { useBoard } from '../../store/context';
import { ListPage } from './ListPage';
import './Lists.css';
import { ListsOverview } from './ListsOverview';

/** All lists, or the one that the address names. */
export default function ListsView() {
  const { list: id } = useRoute();
  const { lists, online } = useBoard();
  const list = id ? lists.get(id) : undefined;
  if (list) return <ListPage key={list.id} list={list} />;
  if (id && !online) return <p role="status">{t('app.loading')}</p>;
  return <ListsOverview />;
}
