import { useVirtualizer } from '@tanstack/react-virtual';
import type { Task } from '@taskbell/sync-client';
import { useEffect, useId, useRef, useState } from 'react';
import { t } from '../../../languages/languages';
import { useDropTarget } from '../../dragging/useDropTarget';
import { Card } from './Card';
import type { Status } from './columns';
import type { MoveCard } from './useMoveCard';

const CARD_PX = 72;
const GAP_PX = 8;
const COMPLETED_AT_ONCE = 100;

interface Props {
  readonly status: Status;
  readonly tasks: readonly Task[];
  /** The task that the focus goes to, in whichever column it is. */
  readonly wanted: string | null;
  readonly onFocused: (none: null) => void;
  readonly move: MoveCard;
}

/** The tasks of one status. Only the cards on screen are in the page. */
export function Column({ status, tasks, wanted, onFocused, move }: Props) {
  const heading = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const column = useRef<HTMLElement>(null);
  const [limit, setLimit] = useState(status === 'COMPLETED' ? COMPLETED_AT_ONCE : Infinity);
  const shown = tasks.slice(0, limit);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD_PX,
    getItemKey: (index) => shown[index]!.id,
    gap: GAP_PX,
    overscan: 6,
  });
  const edge = useDropTarget(column, {
    accepts: 'task',
    onDrop: (id) => {
      move(id, status, tasks.length);
    },
  });
  const dropAt = (id: string, index: number): void => {
    const from = tasks.findIndex((task) => task.id === id);
    move(id, status, from >= 0 && from < index ? index - 1 : index);
  };
  const wantedIndex = wanted ? shown.findIndex(({ id }) => id === wanted) : -1;
  useEffect(() => {
    if (wantedIndex < 0) return;
    virtual.scrollToIndex(wantedIndex);
    const card = scroller.current?.querySelector<HTMLElement>(`[data-task="${CSS.escape(wanted!)}"] .title`);
    if (!card) return; // once it is in the page
    card.focus({ preventScroll: false });
    onFocused(null);
  });
  return (
    <section className="column" ref={column} aria-labelledby={heading} data-edge={edge ?? undefined}>
      <h2 id={heading} className={`column-heading ${status.toLowerCase()}`}>
        {t(`status.${status}`)} <span className="count">{tasks.length}</span>
      </h2>
      <div className="cards" ref={scroller}>
        {!tasks.length && <p className="empty">{t(`kanban.empty.${status}`)}</p>}
        <ul style={{ blockSize: virtual.getTotalSize() }} aria-labelledby={heading}>
          {virtual.getVirtualItems().map(({ index, key, start }) => (
            <li
              key={key}
              data-index={index}
              ref={virtual.measureElement}
              style={{ transform: `translateY(${start}px)` }}
            >
              <Card
                task={shown[index]!}
                index={index}
                isLast={index === tasks.length - 1}
                move={move}
                onDrop={(id, at) => {
                  dropAt(id, index + Number(at === 'behind'));
                }}
              />
            </li>
          ))}
        </ul>
        {tasks.length > limit && (
          <button
            className="button more"
            onClick={() => {
              setLimit(limit + COMPLETED_AT_ONCE);
            }}
          >
            {t('kanban.more', { count: tasks.length - limit })}
          </button>
        )}
      </div>
    </section>
  );
}
