import { t } from '../../../languages/languages';

export default function KanbanView() {
  return (
    <section className="view">
      <h1>{t('view.board')}</h1>
    </section>
  );
}
