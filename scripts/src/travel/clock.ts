import type { Cancel, Clock, Scheduler } from '@tessera/shared/ports';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/**
 * Time that stands still until the traveller moves on. A timer whose moment is passed over runs at the next stop, late, as on
 * a machine that has slept; one without a delay runs at once.
 */
export class TravelClock implements Clock, Scheduler {
  #nowMs: number;
  readonly #timers = new Set<Timer>();

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): Cancel {
    if (delayMs <= 0) {
      const turn = setImmediate(run);
      return () => {
        clearImmediate(turn);
      };
    }
    const timer = { at: this.#nowMs + delayMs, run };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Moves on, never back; what is due runs in the order of its moments. */
  goTo(atMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, atMs);
    const due = [...this.#timers].filter((timer) => timer.at <= this.#nowMs).sort((a, b) => a.at - b.at);
    for (const timer of due) if (this.#timers.delete(timer)) timer.run();
  }
}
