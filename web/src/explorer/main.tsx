import { startPage } from '../page/start';
import { Explorer } from './Explorer';

startPage((session) => <Explorer session={session} />);
