/** Where the parts of the pipeline stand in its picture, and the lines between them; in units of the picture. */
import type { Group } from './figures';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Edge {
  readonly path: string;
  /** The way of what could not be done. */
  readonly failure: boolean;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: Readonly<Record<Group, Box>>;
  readonly edges: readonly Edge[];
}

type Point = readonly [x: number, y: number];

const at = ({ x, y, width, height }: Box, across: number, down: number): Point => [
  x + width * across,
  y + height * down,
];
const path = (...points: readonly Point[]): string => `M${points.map((point) => point.join(' ')).join('L')}`;
const flow = (...points: readonly Point[]): Edge => ({ path: path(...points), failure: false });
const failure = (...points: readonly Point[]): Edge => ({ path: path(...points), failure: true });

function wide(): Layout {
  const box = (column: number, row: 0 | 1): Box => ({
    x: 2 + column * 282,
    y: row === 0 ? 2 : 216,
    width: 230,
    height: row === 0 ? 138 : 78,
  });
  const boxes: Layout['boxes'] = {
    table: box(0, 0),
    forwardChanges: box(1, 0),
    taskEvents: box(2, 0),
    executions: box(3, 0),
    pushNotifications: box(0, 1),
    unforwardedChanges: box(1, 1),
    taskEventsDeadLetters: box(2, 1),
    pushes: box(3, 1),
  };
  const { table, forwardChanges, taskEvents, executions, pushNotifications, pushes } = boxes;
  const { unforwardedChanges, taskEventsDeadLetters } = boxes;
  const [left] = at(taskEventsDeadLetters, 1.1, 0);
  const [, below] = at(pushNotifications, 0, 1.2);
  return {
    width: 1080,
    height: 312,
    boxes,
    edges: [
      flow(at(table, 1, 0.5), at(forwardChanges, 0, 0.5)),
      flow(at(forwardChanges, 1, 0.5), at(taskEvents, 0, 0.5)),
      flow(at(taskEvents, 1, 0.5), at(executions, 0, 0.5)),
      flow(
        at(taskEvents, 1, 0.5),
        [left, taskEvents.y + 69],
        [left, pushes.y + 30],
        [pushes.x, pushes.y + 30],
      ),
      flow(at(table, 0.5, 1), at(pushNotifications, 0.5, 0)),
      flow(
        at(pushNotifications, 0.5, 1),
        [at(pushNotifications, 0.5, 1)[0], below],
        [at(pushes, 0.5, 0)[0], below],
        at(pushes, 0.5, 1),
      ),
      failure(at(forwardChanges, 0.5, 1), at(unforwardedChanges, 0.5, 0)),
      failure(at(pushNotifications, 1, 0.5), at(unforwardedChanges, 0, 0.5)),
      failure(at(taskEvents, 0.5, 1), at(taskEventsDeadLetters, 0.5, 0)),
      failure(
        at(executions, 0.5, 1),
        [at(executions, 0.5, 1)[0], 178],
        [at(taskEventsDeadLetters, 0.8, 0)[0], 178],
        at(taskEventsDeadLetters, 0.8, 0),
      ),
    ],
  };
}

const ORDER: readonly (readonly [Group, rows: number])[] = [
  ['table', 2],
  ['forwardChanges', 1],
  ['unforwardedChanges', 1],
  ['taskEvents', 4],
  ['taskEventsDeadLetters', 1],
  ['executions', 5],
  ['pushes', 2],
  ['pushNotifications', 1],
];
const GAP = 28;

/** One below the other, for phones. */
function narrow(): Layout {
  let y = 2;
  const boxes = {} as Record<Group, Box>;
  for (const [group, rows] of ORDER) {
    const indent = group === 'unforwardedChanges' || group === 'taskEventsDeadLetters' ? 40 : 0;
    boxes[group] = { x: 44 + indent, y, width: 294 - indent, height: 38 + rows * 20 };
    y += boxes[group].height + GAP;
  }
  const { table, forwardChanges, taskEvents, executions, pushNotifications, pushes } = boxes;
  const { unforwardedChanges, taskEventsDeadLetters } = boxes;
  const along = (gutter: number, from: Point, to: Point): Edge =>
    flow(from, [gutter, from[1]], [gutter, to[1]], to);
  return {
    width: 340,
    height: y - GAP + 2,
    boxes,
    edges: [
      flow(at(table, 0.5, 1), at(forwardChanges, 0.5, 0)),
      along(28, at(forwardChanges, 0, 0.5), at(taskEvents, 0, 0.3)),
      along(28, at(taskEvents, 0, 0.7), at(executions, 0, 0.5)),
      along(16, at(taskEvents, 0, 0.5), at(pushes, 0, 0.5)),
      along(4, at(table, 0, 0.5), at(pushNotifications, 0, 0.5)),
      flow(at(pushNotifications, 0.5, 0), at(pushes, 0.5, 1)),
      failure(at(forwardChanges, 0.7, 1), [at(forwardChanges, 0.7, 1)[0], unforwardedChanges.y]),
      failure(at(taskEvents, 0.7, 1), [at(taskEvents, 0.7, 1)[0], taskEventsDeadLetters.y]),
      failure(at(executions, 0.7, 0), [at(executions, 0.7, 0)[0], at(taskEventsDeadLetters, 0, 1)[1]]),
    ],
  };
}

export const WIDE = wide();
export const NARROW = narrow();
