import type { TaskList } from '@taskbell/sync-client';
import { useRef } from 'react';
import { t } from '../../../languages/languages';
import '../../dragging/dragging.css';
import { useDraggable } from '../../dragging/useDraggable';
import { useDropTarget, type Edge } from '../../dragging/useDropTarget';
import type { Move } from '../../list/TaskMenu';
import { routeHash } from '../../shell/route';
import { ListMenu } from './ListMenu';

interface Props {
  readonly list: TaskList;
  /** The number of its open tasks. */
  readonly open: number;
  readonly moves: readonly Move[];
  readonly onDrop?: (id: string, edge: Edge) => void;
}

/** A list among the others: its colour, its name, what is open, and its menu. Lists are dragged into their order. */
export function ListCard({ list, open, moves, onDrop }: Props) {
  const ref = useRef<HTMLLIElement>(null);
  const dragged = useDraggable(ref, 'list', list.id);
  const edge = useDropTarget(ref, {
    accepts: 'list',
    edges: true,
    onDrop: (id, at) => onDrop?.(id, at),
  });
  return (
    <li
      ref={ref}
      className="list-card"
      data-dragged={dragged || undefined}
      data-edge={dragged || !onDrop ? undefined : (edge ?? undefined)}
    >
      <span className="dot" style={{ background: list.color ?? 'var(--quiet)' }} />
      <a className="name" href={routeHash({ view: 'lists', list: list.id })} dir="auto" draggable={false}>
        {list.name}
      </a>
      <span className="open-count">{t('lists.open', { count: open })}</span>
      <ListMenu list={list} moves={moves} />
    </li>
  );
}
