import { useEffect, useState } from 'preact/hooks';
import type { Problem } from '@tessera/shared/problem';
import type { Cancel } from '@tessera/shared/ports';
import { heardAt } from '../state/heartbeat.ts';
import { browserScheduler, wallClock } from '../system.ts';
import { call } from './client.ts';

/** How often a live view asks; an unchanged answer is a 304 without a body. */
const POLL_MS = 2000;

export type Live<T> = {
  readonly data: T | undefined;
  readonly problem: Problem | undefined;
  /** Asks at once, e.g. after a change of our own. */
  readonly refresh: () => void;
};

/** Keeps a resource fresh while its view is shown. A failed poll keeps the last data and says so. */
export function useLive<T>(path: string | undefined): Live<T> {
  const [state, setState] = useState<{ path?: string; data?: T; problem?: Problem }>({});
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (path === undefined) return undefined;
    let over = false;
    let cancel: Cancel = () => undefined;
    let etag: string | undefined;
    const poll = async (): Promise<void> => {
      const answer = await call<T>(path, etag === undefined ? {} : { etag });
      if (over) return;
      if (!answer.ok) setState((before) => ({ ...(before.path === path ? before : {}), path, problem: answer.error }));
      else {
        heardAt.value = wallClock.nowMs();
        if (answer.value !== 'unchanged') {
          etag = answer.value.etag ?? undefined;
          setState({ path, data: answer.value.data });
        }
      }
      cancel = browserScheduler.after(document.hidden ? POLL_MS * 5 : POLL_MS, () => void poll());
    };
    void poll();
    return () => {
      over = true;
      cancel();
    };
  }, [path, turn]);
  const current = state.path === path ? state : {};
  return {
    data: current.data,
    problem: current.problem,
    refresh: () => {
      setTurn((before) => before + 1);
    },
  };
}
