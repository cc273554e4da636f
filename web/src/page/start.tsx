/** Starts a page: theme, language, session, then what the page shows, with what is to be said when that fails. */
import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { loadLanguage } from '../languages/languages';
import { openSession, SignInNeededError, type Session } from '../session/session';
import '../interface/base.css';
import { ErrorBoundary } from '../interface/ErrorBoundary';
import { StartFailure } from './StartFailure';
import { startTheme } from '../interface/theme';

export function startPage(show: (session: Session) => ReactNode): void {
  startTheme();
  const root = createRoot(document.getElementById('root')!);
  const render = (page: ReactNode): void => {
    root.render(
      <StrictMode>
        <ErrorBoundary fallback={(error) => <StartFailure error={error} signInNeeded={false} />}>
          {page}
        </ErrorBoundary>
      </StrictMode>,
    );
  };
  loadLanguage()
    .then(openSession)
    .then(
      (session) => {
        render(show(session));
      },
      (error: unknown) => {
        render(<StartFailure error={error} signInNeeded={error instanceof SignInNeededError} />);
      },
    );
}
