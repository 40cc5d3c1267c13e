import type { Scheduler } from '@tessera/shared/ports';

/**
 * Lets everybody else have a turn. SQLite answers at once, so that a job which asks it one thing after the other would keep
 * the process to itself until it is done.
 */
export const pause = (scheduler: Scheduler): Promise<void> =>
  new Promise((resolve) => {
    scheduler.after(0, resolve);
  });
