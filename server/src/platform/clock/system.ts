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

/** The kernel's random bytes. */
export const systemChance: Chance = { bytes: (count) => randomBytes(count) };

/** Runs something after the present input of the event loop: what arrived together is committed together. */
export const nextTurn = (run: () => void): void => {
  setImmediate(run);
};
