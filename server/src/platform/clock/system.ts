import { randomBytes } from 'node:crypto';
import type { Chance, Clock, Scheduler } from '@tessera/shared/ports';

/** The machine's clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** The machine's timers. */
export const systemScheduler: Scheduler = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** Drawn at a time: a draw costs many times what its bytes do, and every redemption needs a few. */
const PORTION = 4096;
let portion = randomBytes(PORTION);
let used = 0;

/** The kernel's random bytes, each given out once. */
export const systemChance: Chance = {
  bytes(count) {
    if (count > PORTION) return randomBytes(count);
    if (used + count > PORTION) {
      portion = randomBytes(PORTION);
      used = 0;
    }
    used += count;
    return portion.subarray(used - count, used);
  },
};

/** Runs something after the present input of the event loop: what arrived together is committed together. */
export const nextTurn = (run: () => void): void => {
  setImmediate(run);
};
