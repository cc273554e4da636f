import { useVirtualizer } from '@tanstack/react-virtual';
import type { Task } from '@taskbell/sync-client';
import { useMemo, useRef, type ReactNode } from 'react';
import { t } from '../../languages/languages';
import { SelectionBar } from '../selection/SelectionBar';
import { SelectionContext, useSelection } from '../selection/useSelection';
import type { Group } from '../tasks/selections';
import { GroupHeading } from './GroupHeading';
import './TaskList.css';
import { TaskRow } from './TaskRow';
import { useKeptFocus } from './useKeptFocus';
import { useRowKeys, type Direction } from './useRowKeys';

const ROW_PX = 46;

interface Props {
  readonly groups: readonly Group[];
  readonly label: string;
  /** What stands in place of an ordinary row. */
  readonly row?: (task: Task) => ReactNode;
  readonly heading?: (key: string) => ReactNode;
  /** Moves a task where the view has an order or days: Alt and an arrow key. */
  readonly onMove?: (task: Task, direction: Direction) => void;
  readonly empty?: string;
}

/** Tasks in groups, of which only those on screen are in the page. They are reached, selected and changed by keys. */
export function TaskList({ groups, label, row, heading, onMove, empty = t('list.empty') }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const items = groups.flatMap<string | Task>(({ key, tasks }) => (key ? [key, ...tasks] : tasks));
  const tasks = items.filter((item) => typeof item !== 'string');
  const key = tasks.map(({ id }) => id).join(' ');
  const order = useMemo(() => (key ? key.split(' ') : []), [key]);
  const selection = useSelection(order);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => {
      const item = items[index]!;
      return typeof item === 'string' ? item : item.id;
    },
    overscan: 8,
  });
  const focus = useKeptFocus(scroller);
  const onKeyDown = useRowKeys({ items, selection, focus, onMove });

  if (!items.length) return <p className="empty">{empty}</p>;
  return (
    <SelectionContext value={selection}>
      {tasks.length > 0 && <SelectionBar selection={selection} tasks={tasks} />}
      <div
        className="task-list"
        ref={scroller}
        onKeyDown={onKeyDown}
        onFocus={focus.onFocus}
        onBlur={focus.onBlur}
      >
        <ul aria-label={label} style={{ blockSize: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, key: itemKey, start }) => {
            const item = items[index]!;
            return (
              <li
                key={itemKey}
                data-index={index}
                ref={virtual.measureElement}
                style={{ transform: `translateY(${start}px)` }}
              >
                {typeof item === 'string'
                  ? (heading?.(item) ?? <GroupHeading name={item} />)
                  : (row?.(item) ?? <TaskRow task={item} />)}
              </li>
            );
          })}
        </ul>
      </div>
    </SelectionContext>
  );
}
