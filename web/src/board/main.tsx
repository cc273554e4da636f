import { startPage } from '../interface/start';
import { Board } from './Board';

startPage((session) => <Board session={session} />);
