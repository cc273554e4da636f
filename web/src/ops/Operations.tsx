import { Header } from '../page/Header';
import { t } from '../languages/languages';
import type { Session } from '../session/session';

export function Operations({ session }: { session: Session }) {
  return (
    <>
      <Header session={session} current="/ops" />
      <main>
        <h1 className="hidden-text">{t('app.ops')}</h1>
      </main>
    </>
  );
}
