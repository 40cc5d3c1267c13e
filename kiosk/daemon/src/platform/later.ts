import type { Scheduler } from '@tessera/shared/ports';

/** Resolves after a while, by the injected scheduler. */
export const delay = (scheduler: Scheduler, ms: number): Promise<void> =>
  new Promise((done) => {
    scheduler.after(ms, done);
  });

/** The promise's value, or `late` where it takes longer than `ms`. The promise itself runs on. */
export async function within<T>(scheduler: Scheduler, ms: number, promise: Promise<T>): Promise<T | 'late'> {
  return new Promise((done, fail) => {
    const cancel = scheduler.after(ms, () => done('late'));
    promise.then((value) => {
      cancel();
      done(value);
    }, fail);
  });
}
