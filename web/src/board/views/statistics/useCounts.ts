import { useEffect, useState } from 'react';
import { TaskStatsDocument } from '../../../api/operations';
import { request } from '../../../api/request';
import { useNow } from '../../shell/useNow';
import { useBoard, useSession, useStore } from '../../store/context';
import { today } from '../../tasks/dates';
import { countsOf, type Counts } from './statistics';

const SETTLED_MS = 1_000; // the pipeline counts some hundred milliseconds after a change

/** The numbers that the API keeps; without it, those of the tasks at hand. */
export function useCounts(): Counts {
  const session = useSession();
  const { ownerId } = useStore();
  const { tasks, online } = useBoard();
  const now = useNow();
  const [kept, setKept] = useState<{ readonly of: typeof tasks; readonly counts: Counts } | null>(null);
  useEffect(() => {
    if (!online) return undefined;
    const ask = (): void => {
      request(session, TaskStatsDocument, { ownerId }).then(
        ({ taskStats }) => {
          if (taskStats) setKept({ of: tasks, counts: taskStats });
        },
        () => undefined, // the tasks at hand will do
      );
    };
    const timer = setTimeout(ask, kept ? SETTLED_MS : 0);
    return () => {
      clearTimeout(timer);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- an answer is no reason to ask again
  }, [session, ownerId, tasks, online]);
  return kept?.of === tasks && online ? kept.counts : countsOf([...tasks.values()], today(), now);
}
