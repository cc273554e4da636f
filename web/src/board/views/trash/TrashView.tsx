import { t } from '../../../languages/languages';

export default function TrashView() {
  return (
    <section className="view">
      <h1>{t('view.trash')}</h1>
    </section>
  );
}
