import { t } from '../../../languages/languages';

export default function CalendarView() {
  return (
    <section className="view">
      <h1>{t('view.calendar')}</h1>
    </section>
  );
}
