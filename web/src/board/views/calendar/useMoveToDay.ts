import { useStore } from '../../store/context';
import { setDay } from '../../tasks/changes';
import { dueOf, formatDay } from '../../tasks/dates';

/** Moves a task to another day, or takes its due date away. One that repeats keeps a due date. */
export function useMoveToDay(): (id: string, day: string | null) => void {
  const store = useStore();
  return (id, day) => {
    const task = store.getState().tasks.get(id);
    if (!task || (dueOf(task)?.day ?? null) === day) return;
    const { title } = task;
    if (day) store.edit([setDay(task, day)], 'done.movedToDay', { title, day: formatDay(day) });
    else if (task.recurrence) store.say('calendar.repeats', { title });
    else store.edit([setDay(task, null)], 'done.withoutDay', { title, day: '' });
  };
}
