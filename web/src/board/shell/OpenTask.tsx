import { lazy, Suspense } from 'react';
import { useBoard } from '../store/context';
import { useRoute } from './route';

const TaskPanel = lazy(() => import('../panel/TaskPanel'));

/** The panel of the task that the address names, if there is one. */
export function OpenTask() {
  const { task: id } = useRoute();
  const { tasks } = useBoard();
  const task = id ? tasks.get(id) : undefined;
  return <Suspense fallback={null}>{task && <TaskPanel task={task} />}</Suspense>;
}
