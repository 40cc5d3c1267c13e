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

/** What a failpoint does to its process: end it at once, or freeze it where it stands. */
export type FailpointSignal = 'SIGKILL' | 'SIGSTOP';

/**
 * Arms failpoints from a specification such as `daemon.journal.vending.after:2,guard.relay_on.before=stop`:
 * at the n-th hit (1 unless told) of a named point, `fire` is called with its name and with what it is to do.
 */
export function armFailpoints(
  specification: string,
  fire: (name: string, signal: FailpointSignal) => void,
): Failpoints {
  const armed = new Map<string, { left: number; readonly signal: FailpointSignal }>();
  for (const part of specification.split(',').filter((text) => text !== '')) {
    const [place = '', how = ''] = part.split('=');
    const [name = '', count = '1'] = place.split(':');
    armed.set(name, { left: Number(count), signal: how === 'stop' ? 'SIGSTOP' : 'SIGKILL' });
  }
  return {
    hit(name) {
      const point = armed.get(name);
      if (point === undefined) return;
      point.left -= 1;
      if (point.left === 0) fire(name, point.signal);
    },
  };
}
