import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter';
import { useEffect, useRef, useState, type RefObject } from 'react';

/** Where something is dropped: before or behind the element, or into it. */
export type Edge = 'before' | 'behind' | 'into';

interface Target {
  readonly accepts: 'task' | 'list';
  /** Whether it is dropped before or behind the element, by the half that the pointer is in. */
  readonly edges?: boolean;
  readonly onDrop: (id: string, edge: Edge) => void;
}

/** Lets tasks or lists be dropped at an element; returns where the one that is above it now would go. */
export function useDropTarget(element: RefObject<HTMLElement | null>, target: Target): Edge | null {
  const [edge, setEdge] = useState<Edge | null>(null);
  const latest = useRef(target);
  useEffect(() => {
    latest.current = target;
  });
  useEffect(() => {
    const edgeAt = (clientY: number): Edge => {
      if (!latest.current.edges) return 'into';
      const { top, height } = element.current!.getBoundingClientRect();
      return clientY < top + height / 2 ? 'before' : 'behind';
    };
    return dropTargetForElements({
      element: element.current!,
      canDrop: ({ source }) => source.data.kind === latest.current.accepts,
      onDrag: ({ self, location }) => {
        const isInnermost = location.current.dropTargets[0]?.element === self.element;
        setEdge(isInnermost ? edgeAt(location.current.input.clientY) : null);
      },
      onDragLeave: () => {
        setEdge(null);
      },
      onDrop: ({ self, source, location }) => {
        setEdge(null);
        if (location.current.dropTargets[0]?.element !== self.element) return; // one within it took it
        latest.current.onDrop(String(source.data.id), edgeAt(location.current.input.clientY));
      },
    });
  }, [element]);
  return edge;
}
