import { useEffect, useRef, useState } from 'react';
import { TrashDocument, type TrashQuery } from '../../../api/operations';
import { request } from '../../../api/request';
import type { Session } from '../../../session/session';
import { useBoard, useSession } from '../../store/context';

export type TrashedTask = NonNullable<TrashQuery['trash']>['nodes'][number];

export interface Trash {
  /** Null as long as nothing is known. */
  readonly tasks: readonly TrashedTask[] | null;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly problem: Error | null;
  readonly loadMore: () => void;
  readonly reload: () => void;
  /** Take tasks off the list that are no longer in the trash. */
  readonly remove: (ids: readonly string[]) => void;
}

interface Loaded {
  readonly tasks: readonly TrashedTask[] | null;
  readonly cursor: string | null;
}

const PAGE = 50;
const LARGEST_PAGE = 100;

/** The trash, page by page; it is read again when the tasks outside it have changed. */
export function useTrash(): Trash {
  const session = useSession();
  const { tasks: kept, pending, online } = useBoard();
  const [{ tasks, cursor }, setLoaded] = useState<Loaded>({ tasks: null, cursor: null });
  const [isLoading, setLoading] = useState(false);
  const [problem, setProblem] = useState<Error | null>(null);
  const latest = useRef(0);

  const load = (first: number, after: string | null, before: readonly TrashedTask[]): void => {
    const number = ++latest.current;
    pageOf(session, first, after)
      .then(
        (page) => {
          if (number !== latest.current) return; // a later request has answered, or will
          setLoaded({ tasks: [...before, ...page.tasks], cursor: page.cursor });
          setProblem(null);
        },
        (error: unknown) => {
          if (number === latest.current)
            setProblem(error instanceof Error ? error : new Error(String(error)));
        },
      )
      .finally(() => {
        if (number === latest.current) setLoading(false);
      });
  };
  const readAgain = (): void => {
    load(Math.min(LARGEST_PAGE, Math.max(PAGE, tasks?.length ?? 0)), null, []);
  };

  const isSettled = pending.length === 0;
  useEffect(() => {
    if (isSettled) readAgain();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what `readAgain` reads is no reason to read again
  }, [kept.size, isSettled, online]);

  return {
    tasks,
    hasMore: cursor !== null,
    isLoading,
    problem,
    loadMore: () => {
      setLoading(true);
      load(PAGE, cursor, tasks ?? []);
    },
    reload: () => {
      setLoading(true);
      readAgain();
    },
    remove: (ids) => {
      setLoaded((loaded) => ({
        ...loaded,
        tasks: loaded.tasks?.filter(({ id }) => !ids.includes(id)) ?? null,
      }));
    },
  };
}

async function pageOf(
  session: Session,
  first: number,
  after: string | null,
): Promise<{ tasks: readonly TrashedTask[]; cursor: string | null }> {
  const { trash } = await request(session, TrashDocument, { first, after });
  if (!trash) return { tasks: [], cursor: null };
  return {
    tasks: trash.nodes,
    cursor: trash.pageInfo.hasNextPage ? (trash.pageInfo.endCursor ?? null) : null,
  };
}
