import { useState } from 'react';
import { RedriveDocument, type RedriveMutation } from '../../api/operations';
import { request } from '../../api/request';
import { Dialog } from '../../interface/Dialog';
import { t } from '../../languages/languages';
import { useSession } from '../context';
import type { DeadLetter } from './useDeadLetters';

/** Asks before a dead letter, or all of them, are handed to the pipeline again. */
export function RedriveDialog({
  chosen,
  total,
  onDone,
  onClose,
}: {
  chosen: DeadLetter | 'all';
  total: number;
  onDone: (result: RedriveMutation['redriveDeadLetters']) => void;
  onClose: () => void;
}) {
  const session = useSession();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const redrive = (): void => {
    setBusy(true);
    setProblem('');
    const input = chosen === 'all' ? { all: true } : { ids: [chosen.id] };
    request(session, RedriveDocument, { input }).then(
      ({ redriveDeadLetters }) => onDone(redriveDeadLetters),
      (error: unknown) => {
        setProblem(String(error));
        setBusy(false);
      },
    );
  };
  const isAll = chosen === 'all';
  return (
    <Dialog title={t(isAll ? 'redrive.all' : 'redrive.one')} onClose={onClose}>
      {isAll ? (
        <p>{t('redrive.effectOfAll', { count: total })}</p>
      ) : (
        <>
          <p>{t(`redrive.${chosen.kind}`)}</p>
          <p className="cause">{chosen.cause ?? t('deadLetter.noCause')}</p>
        </>
      )}
      <p className="quiet">{t('redrive.mended')}</p>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <div className="row">
        <button className="button primary" disabled={busy} onClick={redrive}>
          {t('redrive.go')}
        </button>
        <button className="button" disabled={busy} onClick={onClose}>
          {t('redrive.cancel')}
        </button>
      </div>
    </Dialog>
  );
}
