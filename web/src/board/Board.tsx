import { useEffect, useState } from 'react';
import { Header } from '../page/Header';
import type { Session } from '../session/session';
import './Board.css';
import { Bell } from './notifications/Bell';
import { OwnerBar } from './owner/OwnerBar';
import { shownOwner } from './owner/shownOwner';
import { Conflicts } from './panel/conflicts/Conflicts';
import { QuickAdd } from './quickAdd/QuickAdd';
import { ShortcutsHelp } from './selection/ShortcutsHelp';
import { Announcer } from './shell/Announcer';
import { ConnectionBanner } from './shell/ConnectionBanner';
import { CurrentView } from './shell/CurrentView';
import { DoneToast } from './shell/DoneToast';
import { Navigation } from './shell/Navigation';
import { OpenTask } from './shell/OpenTask';
import { Refusals } from './shell/Refusals';
import { BoardStore } from './store/BoardStore';
import { SessionContext, StoreContext } from './store/context';

/** The student's planner. */
export function Board({ session }: { session: Session }) {
  const [store] = useState(
    () => new BoardStore(session, shownOwner(session).ownerId, session.viewer.ownerId),
  );
  const [failure, setFailure] = useState<Error | null>(null);
  useEffect(() => {
    store.start().catch(setFailure);
  }, [store]);
  if (failure) throw failure;
  return (
    <SessionContext value={session}>
      <StoreContext value={store}>
        <div className="board">
          <Header session={session} current="/">
            <ShortcutsHelp />
            <Bell />
          </Header>
          <Navigation />
          <main className="content" id="content">
            <OwnerBar />
            <ConnectionBanner />
            <Refusals />
            <Conflicts />
            {!store.isReadOnly && <QuickAdd />}
            <CurrentView />
          </main>
          <OpenTask />
        </div>
        <DoneToast />
        <Announcer />
      </StoreContext>
    </SessionContext>
  );
}
