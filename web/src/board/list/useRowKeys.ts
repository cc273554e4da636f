import type { Task } from '@taskbell/sync-client';
import type { KeyboardEvent } from 'react';
import { useBulkChange } from '../selection/useBulkChange';
import { hasShortcuts } from '../../interface/shortcuts';
import type { Selection } from '../selection/useSelection';
import { remove, setStatus } from '../tasks/changes';
import { STATUSES, STATUS_TEXTS } from '../tasks/statuses';
import type { KeptFocus } from './useKeptFocus';

export type Direction = 'up' | 'down' | 'left' | 'right';

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

interface Rows {
  /** Headings, as texts, and tasks. */
  readonly items: readonly (string | Task)[];
  readonly selection: Selection;
  readonly focus: KeptFocus;
  readonly onMove: ((task: Task, direction: Direction) => void) | undefined;
}

/** What keys do in a list of tasks; the dialog of keyboard shortcuts lists them. */
export function useRowKeys({ items, selection, focus, onMove }: Rows): (event: KeyboardEvent) => void {
  const change = useBulkChange();

  const step = (event: KeyboardEvent, index: number): boolean => {
    const by = ({ ArrowDown: 1, ArrowUp: -1 } as const)[event.key];
    if (!by) return false;
    const next = items.slice(by > 0 ? index + 1 : 0, by > 0 ? undefined : index);
    const task = by > 0 ? next.find(isTask) : next.findLast(isTask);
    if (event.shiftKey) {
      const current = items[index];
      if (!selection.active && isTask(current)) selection.toggle(current.id);
      else if (task) selection.extend(task.id);
    }
    focus.focusRow(index + by, by);
    return true;
  };

  const act = (key: string, tasks: readonly Task[]): boolean => {
    const status = STATUSES[Number(key) - 1] ?? (key === 'e' ? toggled(tasks) : null);
    if (key === 'Delete') change(tasks, remove, 'done.deleted');
    else if (status) {
      const others = tasks.filter((task) => task.status !== status);
      change(others, (task) => setStatus(task, status), STATUS_TEXTS[status]);
    } else return false;
    return true;
  };

  const handle = (event: KeyboardEvent, index: number, task: Task): boolean => {
    const { key } = event;
    const direction = DIRECTIONS[key];
    if (event.altKey) {
      if (direction) onMove?.(task, direction);
      return Boolean(direction && onMove);
    }
    if (event.ctrlKey || event.metaKey) {
      if (key === 'a') selection.all();
      return key === 'a';
    }
    if (key === 'Escape') {
      if (selection.active) selection.end();
      return selection.active;
    }
    if (step(event, index)) return true;
    const onControl = (event.target as Element).matches('input, button');
    if ((key === ' ' && !onControl) || (key === 'x' && hasShortcuts())) {
      selection.toggle(task.id);
      return true;
    }
    if (!hasShortcuts() && key !== 'Delete') return false;
    const selected = items.filter((item) => isTask(item) && selection.ids.has(item.id)) as Task[];
    return act(key, selected.length ? selected : [task]);
  };

  return (event) => {
    const target = event.target as Element;
    const index = Number(target.closest<HTMLElement>('[data-index]')?.dataset.index ?? -1);
    const item = items[index];
    if (!isTask(item) || isTyping(target)) return;
    if (handle(event, index, item)) event.preventDefault();
  };
}

const isTask = (item: string | Task | undefined): item is Task => typeof item === 'object';

const isTyping = (target: Element): boolean =>
  target.closest('[popover], select, textarea, input:not([type="checkbox"])') !== null;

const toggled = (tasks: readonly Task[]): Task['status'] =>
  tasks.every(({ status }) => status === 'COMPLETED') ? 'PENDING' : 'COMPLETED';
