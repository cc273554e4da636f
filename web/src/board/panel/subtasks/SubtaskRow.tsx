import type { Task } from '@taskbell/sync-client';
import type { MouseEvent } from 'react';
import { Menu } from '../../../interface/Menu';
import { t, type TextKey } from '../../../languages/languages';
import { routeHash, useRoute } from '../../shell/route';
import { useBoard, useStore } from '../../store/context';
import { rankBeside } from './ranks';

/** A subtask: its checkbox, its title, which opens it, and a menu. */
export function SubtaskRow({ task, siblings }: { task: Task; siblings: readonly Task[] }) {
  const store = useStore();
  const route = useRoute();
  const { changed } = useBoard();
  const { id, title } = task;
  const completed = task.status === 'COMPLETED';
  const values = { title };
  const toggle = (): void => {
    const text = completed ? 'done.reopened' : 'done.completed';
    const status = completed ? 'PENDING' : 'COMPLETED';
    store.edit([{ name: 'setTaskStatus', input: { id, status } }], text, values);
  };
  const [up, down] = ([-1, 1] as const).map((step) => rankBeside(siblings, id, step));
  const moveTo = (rank: string | null | undefined): void => {
    if (rank) store.edit([{ name: 'updateTask', input: { id, rank } }], 'done.moved', values);
  };
  const moveOut = (): void => {
    store.edit([{ name: 'updateTask', input: { id, parentId: null } }], 'done.moved', values);
  };
  const remove = (): void => {
    store.edit([{ name: 'deleteTask', input: { id } }], 'done.deleted', { count: 1, title });
  };
  const item = (key: TextKey, action: () => void, disabled = false) => (
    <button className="button plain" disabled={disabled} onClick={(event) => chosen(event, action)}>
      {t(key)}
    </button>
  );
  return (
    <li data-changed={changed.has(id) || undefined} data-completed={completed || undefined}>
      <input type="checkbox" checked={completed} onChange={toggle} aria-label={t('task.complete', values)} />
      <a href={routeHash({ ...route, task: id })} dir="auto">
        {title}
      </a>
      <Menu label={t('panel.subtaskMenu', values)} text={<span aria-hidden="true">⋯</span>}>
        {item('panel.moveUp', () => moveTo(up), !up)}
        {item('panel.moveDown', () => moveTo(down), !down)}
        {item('panel.moveOut', moveOut)}
        {item('panel.delete', remove)}
      </Menu>
    </li>
  );
}

function chosen({ currentTarget }: MouseEvent, action: () => void): void {
  currentTarget.closest<HTMLElement>('[popover]')?.hidePopover();
  action();
}
