import { startPage } from '../interface/start';
import { Explorer } from './Explorer';

startPage((session) => <Explorer session={session} />);
