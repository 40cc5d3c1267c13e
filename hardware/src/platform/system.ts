import { randomBytes } from 'node:crypto';
import type { Chance, Clock, Scheduler } from '@tessera/shared/ports';

/**
 * The machine's clock. Monotonic time is the kernel's CLOCK_MONOTONIC, the same in every process of this machine,
 * so that the cabinet's time-stamps can be compared with our own.
 */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => Number(process.hrtime.bigint() / 1000n) / 1000,
};

/** Node's timers. */
export const systemScheduler: Scheduler = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** The kernel's randomness. */
export const systemChance: Chance = { bytes: (count) => randomBytes(count) };
