import type { Task } from '@taskbell/sync-client';
import { useEffect, useState } from 'react';
import { TaskTimelineDocument, type TaskTimelineQuery } from '../../../api/operations';
import { request, type Caller } from '../../../api/request';
import { useBoard, useSession } from '../../store/context';

type Answer = TaskTimelineQuery;
type Activity = NonNullable<Answer['activity']>;
export type TaskEvent = Activity['nodes'][number];
export type Processing = NonNullable<Answer['task']>['processing'];

interface Loaded {
  readonly processing: Processing | null;
  /** The newest first. */
  readonly events: readonly TaskEvent[];
  /** Where older ones are; null if there are none. */
  readonly older: string | null;
}

export interface TimelineState extends Loaded {
  readonly state: 'loading' | 'ready' | 'failed';
  readonly loadOlder: () => void;
}

const NOTHING: Loaded = { processing: null, events: [], older: null };
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 250;

/** A task's processing and history, asked for again when its version grows. History follows a change within a moment. */
export function useTimeline({ id, ownerId, version }: Task): TimelineState {
  const session = useSession();
  const { online } = useBoard();
  const [loaded, setLoaded] = useState(NOTHING);
  const [state, setState] = useState<TimelineState['state']>('loading');

  useEffect(() => {
    if (!version || !online) return undefined;
    let timer = 0;
    let current = true;
    const ask = (attempt: number): void => {
      askFor(session, { id, ownerId, after: null }).then(
        (page) => {
          if (!current) return;
          setLoaded((known) => withNewest(known, page));
          setState('ready');
          if ((page.events[0]?.version ?? 0) >= version || attempt >= ATTEMPTS) return;
          timer = window.setTimeout(() => ask(attempt + 1), FIRST_PAUSE_MS * 2 ** attempt);
        },
        () => {
          if (current) setState('failed');
        },
      );
    };
    ask(0);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [session, id, ownerId, version, online]);

  const loadOlder = (): void => {
    askFor(session, { id, ownerId, after: loaded.older }).then(
      (page) =>
        setLoaded((known) => ({ ...known, events: merged(known.events, page.events), older: page.older })),
      () => setState('failed'),
    );
  };
  return { ...loaded, state, loadOlder };
}

async function askFor(
  caller: Caller,
  variables: { id: string; ownerId: string; after: string | null },
): Promise<Loaded> {
  const { task, activity } = await request(caller, TaskTimelineDocument, variables);
  const { hasNextPage = false, endCursor = null } = activity?.pageInfo ?? {};
  return {
    processing: task?.processing ?? null,
    events: activity?.nodes ?? [],
    older: hasNextPage ? endCursor : null,
  };
}

/** Older pages stay, if the newest one goes on from them. */
function withNewest(known: Loaded, page: Loaded): Loaded {
  const last = page.events.at(-1)?.version ?? 0;
  const joins = known.events.some(({ version }) => version >= last);
  if (!joins || known.events.length < page.events.length) return page;
  return { ...page, events: merged(known.events, page.events), older: known.older };
}

function merged(one: readonly TaskEvent[], other: readonly TaskEvent[]): TaskEvent[] {
  const events = new Map([...one, ...other].map((event) => [event.version, event]));
  return [...events.values()].sort((first, second) => second.version - first.version);
}
