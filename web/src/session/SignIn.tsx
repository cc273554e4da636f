import { useState, type SubmitEvent } from 'react';
import { loadConfig } from '../api/config';
import { Dialog } from '../interface/Dialog';
import { t } from '../languages/languages';
import { become } from './session';
import type { SignInStep } from './userPool';

/** Signs in at the user pool with a name and a password, and with the new password or code that it asks for. */
export function SignIn({ onClose }: { onClose: () => void }) {
  const [step, setStep] = useState<SignInStep | 'PASSWORD'>('PASSWORD');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.currentTarget)) as Given;
    setBusy(true);
    setProblem('');
    try {
      const next = await advance(step, given);
      if (next === 'DONE') become({ kind: 'user' });
      setStep(next);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };

  return (
    <Dialog title={t('signIn.title')} onClose={onClose}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {step === 'PASSWORD' && (
          <Field name="user" label={t('signIn.user')} type="text" autoComplete="username" />
        )}
        {step === 'PASSWORD' && (
          <Field name="secret" label={t('signIn.password')} type="password" autoComplete="current-password" />
        )}
        {step === 'NEW_PASSWORD' && (
          <Field name="secret" label={t('signIn.newPassword')} type="password" autoComplete="new-password" />
        )}
        {step === 'CODE' && (
          <Field name="secret" label={t('signIn.code')} type="text" autoComplete="one-time-code" />
        )}
        {step === 'UNSUPPORTED' && <p className="problem">{t('signIn.unsupported')}</p>}
        <p className="problem" role="alert">
          {problem}
        </p>
        <div className="row">
          <button className="button primary" disabled={busy || step === 'UNSUPPORTED'}>
            {step === 'PASSWORD' ? t('signIn.go') : t('signIn.continue')}
          </button>
          <button className="button" type="button" onClick={onClose}>
            {t('signIn.cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface Given {
  readonly user?: string;
  readonly secret?: string;
}

async function advance(
  step: SignInStep | 'PASSWORD',
  { user = '', secret = '' }: Given,
): Promise<SignInStep> {
  const { userPool } = await loadConfig();
  if (!userPool) return 'UNSUPPORTED';
  const pool = await import('./userPool');
  pool.configure(userPool);
  return step === 'PASSWORD' ? pool.begin(user, secret) : pool.answer(secret);
}

function Field({
  name,
  label,
  ...input
}: {
  name: string;
  label: string;
  type: string;
  autoComplete: string;
}) {
  const id = `sign-in-${name}`;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input className="input" id={id} name={name} required {...input} />
    </div>
  );
}
