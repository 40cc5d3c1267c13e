/** Wall-clock and monotonic time. Everything that needs the time is given one of these. */
export interface Clock {
  /** Milliseconds since the Unix epoch; may jump (a kiosk has no real-time clock). */
  nowMs(): number;
  /** Milliseconds since an arbitrary start; never goes back. Durations are measured with this alone. */
  monotonicMs(): number;
}

/** Cancels a scheduled call; calling it twice, or after the call ran, does nothing. */
export type Cancel = () => void;

/** Runs a function later. The simulation gives one that follows its virtual clock. */
export interface Scheduler {
  after(delayMs: number, run: () => void): Cancel;
}

/** The only source of randomness. */
export interface Chance {
  /** `count` random bytes; cryptographically strong in production. */
  bytes(count: number): Uint8Array;
}

/**
 * Named places at which a test may end the process or inject a fault.
 * In production every `hit` returns at once.
 */
export interface Failpoints {
  hit(name: string): void;
}

/** Failpoints that never fire. */
export const noFailpoints: Failpoints = { hit: () => undefined };

/**
 * Arms failpoints from a specification such as `daemon.journal.vending.after:2,guard.pulse.before`:
 * at the n-th hit (1 unless told) of a named point, `fire` is called with its name.
 */
export function armFailpoints(specification: string, fire: (name: string) => void): Failpoints {
  const remaining = new Map<string, number>();
  for (const part of specification.split(',').filter((text) => text !== '')) {
    const [name = '', count = '1'] = part.split(':');
    remaining.set(name, Number(count));
  }
  return {
    hit(name) {
      const left = remaining.get(name);
      if (left === undefined) return;
      remaining.set(name, left - 1);
      if (left === 1) fire(name);
    },
  };
}
