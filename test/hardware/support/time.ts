import { SeededChance } from '../../../scripts/src/simulate/seeded-chance.ts';
import { VirtualTime } from '../../../scripts/src/simulate/virtual-time.ts';

export { SeededChance, VirtualTime };

/** A time that starts when these tests were written. */
export const newTime = (): VirtualTime => new VirtualTime(1_795_000_000_000);

/** Lets virtual time pass. */
export async function pass(time: VirtualTime, ms: number): Promise<void> {
  let over = false;
  time.after(ms, () => (over = true));
  await time.run(() => over);
}

/** Runs virtual time until a promise has settled. */
export async function settle<T>(time: VirtualTime, promise: Promise<T>): Promise<T> {
  const state = { done: false };
  const finished = promise.finally(() => (state.done = true));
  if (!(await time.run(() => state.done))) throw new Error('Nothing is left to happen, and the promise is open.');
  return finished;
}
