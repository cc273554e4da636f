import { startPage } from '../interface/start';
import { Operations } from './Operations';

startPage((session) => <Operations session={session} />);
