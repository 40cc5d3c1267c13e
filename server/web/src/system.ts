import type { Cancel, Scheduler } from '@tessera/shared/ports';

/** The browser's clock and timers; everything else on the page is given these. */
export const wallClock = { nowMs: (): number => Date.now() };

export const browserScheduler: Scheduler = {
  after(delayMs, run): Cancel {
    const handle = setTimeout(run, delayMs);
    return () => {
      clearTimeout(handle);
    };
  },
};

/** A fresh Idempotency-Key: one a press, kept over its retries. */
export const freshKey = (): string => `web-${crypto.randomUUID()}`;
