import { startPage } from '../page/start';
import { Explorer } from './Explorer';
import { carryTabsOver } from './owner/ownerTabs';

startPage((session) => {
  carryTabsOver(localStorage, session.viewer.ownerId);
  return <Explorer session={session} />;
});
