import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type KeyboardEvent } from 'react';
import { t } from '../../languages/languages';
import type { Group } from '../tasks/selections';
import { GroupHeading } from './GroupHeading';
import './TaskList.css';
import { TaskRow } from './TaskRow';

const ROW_PX = 46;

/** Tasks in groups, of which only those on screen are in the page. The arrow keys go from task to task. */
export function TaskList({ groups, label }: { groups: readonly Group[]; label: string }) {
  const scroller = useRef<HTMLDivElement>(null);
  const items = groups.flatMap(({ key, tasks }) => [key, ...tasks]);
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

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = (event.target as Element).closest<HTMLElement>('[data-index]');
    if (!step || !row || event.altKey) return;
    event.preventDefault();
    focusRow(scroller.current, Number(row.dataset.index) + step, step);
  };

  if (!items.length) return <p className="empty">{t('list.empty')}</p>;
  return (
    <div className="task-list" ref={scroller} onKeyDown={onKeyDown}>
      <ul aria-label={label} style={{ blockSize: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const item = items[index]!;
          return (
            <li
              key={key}
              data-index={index}
              ref={virtual.measureElement}
              style={{ transform: `translateY(${start}px)` }}
            >
              {typeof item === 'string' ? <GroupHeading name={item} /> : <TaskRow task={item} />}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function focusRow(scroller: HTMLElement | null, index: number, step: number): void {
  const row = scroller?.querySelector(`[data-index="${index}"]`);
  if (!row) return;
  const target = row.querySelector<HTMLElement>('.title');
  if (target) target.focus();
  else focusRow(scroller, index + step, step); // a heading
}
