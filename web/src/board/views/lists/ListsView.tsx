import { t } from '../../../languages/languages';

export default function ListsView() {
  return (
    <section className="view">
      <h1>{t('view.lists')}</h1>
    </section>
  );
}
