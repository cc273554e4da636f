import { draggable } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter';
import { useEffect, useState, type RefObject } from 'react';

/** Makes an element draggable, as the task or list of this id; returns whether it is being dragged. */
export function useDraggable(
  element: RefObject<HTMLElement | null>,
  kind: 'task' | 'list',
  id: string,
): boolean {
  const [dragged, setDragged] = useState(false);
  useEffect(
    () =>
      draggable({
        element: element.current!,
        canDrag: ({ input }) => !isInPopup(input.clientX, input.clientY),
        getInitialData: () => ({ kind, id }),
        onDragStart: () => {
          setDragged(true);
        },
        onDrop: () => {
          setDragged(false);
        },
      }),
    [element, kind, id],
  );
  return dragged;
}

/** A menu or a dialog is above the element that it belongs to. */
const isInPopup = (x: number, y: number): boolean =>
  Boolean(document.elementFromPoint(x, y)?.closest('[popover], dialog'));
