import { useState } from 'react';
import type { RedriveMutation } from '../../api/operations';
import { t } from '../../languages/languages';
import { DeadLetterItem } from './DeadLetterItem';
import { RedriveDialog } from './RedriveDialog';
import { RedriveReport } from './RedriveReport';
import { useDeadLetters, type DeadLetter } from './useDeadLetters';

type Redriven = RedriveMutation['redriveDeadLetters'];

/** Dead letters with their causes and bodies; one or all are redriven, after a confirmation. */
export function DeadLettersSection({ count, onRedriven }: { count: number | null; onRedriven: () => void }) {
  const { found, loading, problem, reload } = useDeadLetters(count);
  const [chosen, setChosen] = useState<DeadLetter | 'all' | null>(null);
  const [report, setReport] = useState<Redriven | null>(null);
  const done = (result: Redriven): void => {
    setChosen(null);
    setReport(result);
    reload();
    onRedriven();
  };
  const total = (found?.nodes.length ?? 0) + (found?.unseen ?? 0);
  return (
    <section className="panel stack" aria-labelledby="dead-letters" aria-busy={loading}>
      <div className="row">
        <h2 id="dead-letters">{t('deadLetters.title')}</h2>
        <span className="end" />
        <button className="button" disabled={loading} onClick={reload}>
          {t('deadLetters.reload')}
        </button>
        {total > 0 && (
          <button className="button danger" disabled={loading} onClick={() => setChosen('all')}>
            {t('deadLetters.redriveAll')}
          </button>
        )}
      </div>
      {problem && (
        <p className="problem" role="alert">
          {t('deadLetters.notRead', { reason: problem })}
        </p>
      )}
      {report && <RedriveReport report={report} />}
      {!found && !problem && <p className="quiet">{t('app.loading')}</p>}
      {found?.nodes.length === 0 && (
        <p className="quiet">{t('deadLetters.none', { unseen: found.unseen })}</p>
      )}
      <ul className="letters">
        {found?.nodes.map((letter) => (
          <DeadLetterItem key={letter.id} letter={letter} onRedrive={() => setChosen(letter)} />
        ))}
      </ul>
      {found && found.nodes.length > 0 && found.unseen > 0 && (
        <p className="quiet">{t('deadLetters.unseen', { count: found.unseen })}</p>
      )}
      {chosen && (
        <RedriveDialog chosen={chosen} total={total} onDone={done} onClose={() => setChosen(null)} />
      )}
    </section>
  );
}
