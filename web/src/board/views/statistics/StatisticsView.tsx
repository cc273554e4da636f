import { t } from '../../../languages/languages';

export default function StatisticsView() {
  return (
    <section className="view">
      <h1>{t('view.statistics')}</h1>
    </section>
  );
}
