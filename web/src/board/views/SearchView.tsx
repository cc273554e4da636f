import { t } from '../../languages/languages';
import { TaskList } from '../list/TaskList';
import { go, useRoute } from '../shell/route';
import { useBoard } from '../store/context';
import { matching } from '../tasks/selections';

/** All tasks that have every entered word. */
export function SearchView() {
  const { tasks } = useBoard();
  const { text } = useRoute();
  const found = matching(tasks, text);
  const heading = `name:${t('search.found', { count: found.length })}`;
  return (
    <section className="view">
      <h1>{t('view.search')}</h1>
      <input
        className="input"
        type="search"
        aria-label={t('search.text')}
        placeholder={t('search.text')}
        value={text}
        onChange={({ target }) => {
          go({ text: target.value });
        }}
      />
      <TaskList groups={[{ key: heading, tasks: found }]} label={t('view.search')} />
    </section>
  );
}
