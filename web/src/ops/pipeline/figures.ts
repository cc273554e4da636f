/** The figures of the pipeline as the page shows them: in groups, each known or with the reason why not. */
import type {
  ExecutionStatus,
  PipelineCountsQuery,
  PipelineFiguresQuery,
  PipelineQueuesQuery,
  UnknownReason,
} from '../../api/operations';
import type { TextKey } from '../../languages/languages';
import { duration, NOTHING, number } from '../format';

type Queues = NonNullable<PipelineQueuesQuery['pipeline']>;

/** The last answer for each part; those with more parts stand for several. */
export interface Answers {
  readonly queues: Queues;
  readonly executions: NonNullable<PipelineCountsQuery['pipeline']>;
  readonly metrics: NonNullable<PipelineFiguresQuery['pipeline']>;
}

/** `bad` and `warn` are for an operator to look at, by the thresholds of the stage's alarms. */
export type Level = 'plain' | 'warn' | 'bad';

export interface Figure {
  readonly label: TextKey;
  readonly text: string;
  readonly level: Level;
  /** Why it is not known; null if it is, or is still being read. */
  readonly reason: UnknownReason | null;
  /** The minute that it was measured in, for what is measured by the minute. */
  readonly measuredAt: string | null;
}

export const GROUPS = [
  'table',
  'forwardChanges',
  'pushNotifications',
  'taskEvents',
  'executions',
  'pushes',
  'unforwardedChanges',
  'taskEventsDeadLetters',
] as const;
export type Group = (typeof GROUPS)[number];

export interface Figures {
  readonly groups: Readonly<Record<Group, readonly Figure[]>>;
  readonly readAt: string | null;
  /** All messages in the dead-letter queues, also those that somebody is reading; null until known. */
  readonly deadLetters: number | null;
  readonly problem: string;
}

const LAG_ALARM_SECONDS = 60; // IteratorAgeAlarm
const AGE_ALARM_SECONDS = 300; // EventsAgeAlarm
const COUNTED: readonly ExecutionStatus[] = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];

/** Put together what was answered; a part that was not is left out. */
export function merged({ queues, executions, metrics }: Partial<Answers>, problem: string): Figures {
  const unknown = [queues, executions, metrics].flatMap((answer) => answer?.unknown ?? []);
  const reasons = new Map(unknown.map(({ figure, reason }) => [figure, reason]));
  const figure = (
    label: TextKey,
    path: string,
    value: number | string | null | undefined,
    { write = number, level = () => 'plain', measuredAt = null }: Partial<Writing> = {},
  ): Figure => ({
    label,
    text: value == null ? NOTHING : typeof value === 'number' ? write(value) : value,
    level: typeof value === 'number' ? level(value) : 'plain',
    reason: value == null ? (reasons.get(path) ?? null) : null,
    measuredAt,
  });
  const lag = (reader: 'forwardChanges' | 'pushNotifications'): Figure =>
    figure('figure.lag', `${reader}.lagSeconds`, metrics?.[reader].lagSeconds, {
      write: duration,
      level: above(LAG_ALARM_SECONDS, 'warn'),
      measuredAt: metrics?.[reader].measuredAt ?? null,
    });
  const dead = (queue: 'unforwardedChanges' | 'taskEventsDeadLetters'): Figure =>
    figure('figure.deadLetters', `${queue}.visible`, total(queues?.[queue]), { level: above(0, 'bad') });
  const { visible, inFlight, delayed } = queues?.taskEvents ?? {};
  const pushes = metrics?.pushes;
  return {
    groups: {
      table: [
        figure('figure.status', 'table.status', executions?.table.status),
        figure('figure.items', 'table.itemCount', executions?.table.itemCount),
      ],
      forwardChanges: [lag('forwardChanges')],
      pushNotifications: [lag('pushNotifications')],
      taskEvents: [
        figure('figure.visible', 'taskEvents.visible', visible),
        figure('figure.inFlight', 'taskEvents.inFlight', inFlight),
        figure('figure.delayed', 'taskEvents.delayed', delayed),
        figure('figure.oldest', 'taskEvents.oldestAgeSeconds', metrics?.taskEvents.oldestAgeSeconds, {
          write: duration,
          level: above(AGE_ALARM_SECONDS, 'warn'),
          measuredAt: metrics?.taskEvents.measuredAt ?? null,
        }),
      ],
      executions: COUNTED.map((status) => {
        const found = executions?.executions.find((each) => each.status === status);
        return figure(`execution.${status}`, `executions.${status}`, found?.count, {
          write: (count) => `${number(count)}${found?.atLeast ? '+' : ''}`,
        });
      }),
      pushes: [
        figure('figure.delivered', 'pushes.delivered', pushes?.delivered, {
          measuredAt: pushes?.deliveredAt ?? null,
        }),
        figure('figure.subscriptions', 'pushes.subscriptions', pushes?.subscriptions, {
          measuredAt: pushes?.subscriptionsAt ?? null,
        }),
      ],
      unforwardedChanges: [dead('unforwardedChanges')],
      taskEventsDeadLetters: [dead('taskEventsDeadLetters')],
    },
    readAt: queues?.readAt ?? null,
    deadLetters: sum(total(queues?.unforwardedChanges), total(queues?.taskEventsDeadLetters)),
    problem,
  };
}

interface Writing {
  readonly write: (value: number) => string;
  readonly level: (value: number) => Level;
  readonly measuredAt: string | null;
}

const above =
  (threshold: number, level: Level) =>
  (value: number): Level =>
    value > threshold ? level : 'plain';

function total(queue: Queues['unforwardedChanges'] | undefined): number | null {
  return sum(queue?.visible ?? null, queue?.inFlight ?? null);
}

function sum(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other;
}
