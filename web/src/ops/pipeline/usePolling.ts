import { useCallback, useEffect, useRef, useState } from 'react';

/** What was read last, or why it could not be read; both while an older answer is shown. */
export interface Polled<Result> {
  readonly data: Partial<Result>;
  readonly problem: string;
}

/**
 * Read at once, then every few seconds, as long as the page is visible and nobody has paused it. An answer may be a part
 * of what is shown, and takes the place of that part.
 */
export function usePolling<Result>(
  read: () => Promise<Partial<Result>>,
  seconds: number,
  paused: boolean,
): Polled<Result> & { refresh: () => void } {
  const [polled, setPolled] = useState<Polled<Result>>({ data: {}, problem: '' });
  const latest = useRef(0);
  const refresh = useCallback(() => {
    const turn = ++latest.current;
    const unlessLate = (next: (before: Polled<Result>) => Polled<Result>): void => {
      if (turn === latest.current) setPolled(next);
    };
    void read().then(
      (part) => unlessLate(({ data }) => ({ data: { ...data, ...part }, problem: '' })),
      (error: unknown) => unlessLate(({ data }) => ({ data, problem: String(error) })),
    );
  }, [read]);
  useEffect(() => {
    if (paused) return;
    const readIfVisible = (): void => {
      if (document.visibilityState === 'visible') refresh();
    };
    readIfVisible();
    const timer = setInterval(readIfVisible, seconds * 1_000);
    document.addEventListener('visibilitychange', readIfVisible);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', readIfVisible);
      latest.current += 1;
    };
  }, [refresh, seconds, paused]);
  return { ...polled, refresh };
}
