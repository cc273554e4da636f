import { startPage } from '../page/start';
import { Operations } from './Operations';

startPage((session) => <Operations session={session} />);
