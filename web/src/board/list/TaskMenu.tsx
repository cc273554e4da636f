import type { Task } from '@taskbell/sync-client';
import { lazy, Suspense, useRef, useState } from 'react';
import { t } from '../../languages/languages';

const TaskMenuPopup = lazy(() => import('./TaskMenuPopup'));

/** What a view adds to a task's menu: a place in its order. */
export interface Move {
  readonly text: string;
  readonly run: () => void;
}

/** A button that opens what can be done with a task without dragging it. */
export function TaskMenu({ task, moves = [] }: { task: Task; moves?: readonly Move[] }) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button
        ref={button}
        className="menu-button"
        aria-label={t('menu.open', { title: task.title })}
        aria-expanded={open}
        onClick={() => {
          setOpen(true);
        }}
      >
        <span aria-hidden>⋯</span>
      </button>
      {open && (
        <Suspense fallback={null}>
          <TaskMenuPopup
            task={task}
            moves={moves}
            button={button}
            onClose={() => {
              setOpen(false);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
