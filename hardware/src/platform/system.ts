import { randomBytes } from 'node:crypto';
import { setPriority } from 'node:os';
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

/** Better than every ordinary process, short of real time. */
const HIGH_PRIORITY = -15;

/**
 * Runs this process before others: a line that is driven does not wait for a busy machine. Without the right to it,
 * things stay as they are; the systemd unit gives the same priority to an unprivileged guard.
 */
export function raisePriority(): void {
  try {
    setPriority(HIGH_PRIORITY);
  } catch {
    // Not allowed to: see above.
  }
}
