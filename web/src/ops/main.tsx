import { startPage } from '../page/start';
import { Operations } from './Operations';
import './ops.css';

startPage((session) => <Operations session={session} />);
