import { Header } from '../interface/Header';
import { t } from '../languages/languages';
import type { Session } from '../session/session';

export function Board({ session }: { session: Session }) {
  return (
    <>
      <Header session={session} current="/" />
      <main>
        <h1 className="hidden-text">{t('app.board')}</h1>
      </main>
    </>
  );
}
