import { startPage } from '../page/start';
import { Board } from './Board';
import { registerWorker, reloadForOtherBuild } from './offline/register';

reloadForOtherBuild();
startPage((session) => <Board session={session} />);
registerWorker();
