import { Header } from '../page/Header';
import { t } from '../languages/languages';
import type { Session } from '../session/session';

export function Explorer({ session }: { session: Session }) {
  return (
    <>
      <Header session={session} current="/graphiql" />
      <main>
        <h1 className="hidden-text">{t('app.explorer')}</h1>
      </main>
    </>
  );
}
