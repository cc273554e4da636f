import type { RedriveMutation } from '../../api/operations';
import { t } from '../../languages/languages';

/** What became of the dead letters that were to be redriven. */
export function RedriveReport({
  report: { letters, remaining, errors },
}: {
  report: RedriveMutation['redriveDeadLetters'];
}) {
  return (
    <div className="report" role="status">
      <p>{t('redrive.done', { count: letters.filter(({ outcome }) => outcome !== 'KEPT').length })}</p>
      <ul>
        {letters.map(({ letter, outcome, detail }) => (
          <li key={letter.id}>
            <code>{letter.id}</code>: {t(`outcome.${outcome}`)} ({detail})
          </li>
        ))}
        {errors.map(({ code, message }, index) => (
          <li key={index} className="problem">
            {message} ({code})
          </li>
        ))}
      </ul>
      {remaining !== null && <p>{t('redrive.remaining', { count: remaining })}</p>}
    </div>
  );
}
