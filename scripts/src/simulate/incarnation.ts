import type { Cancel, Scheduler } from '@tessera/shared/ports';

/** Thrown at a failpoint: the process ends at this very line. */
export class SimulatedCrash extends Error {}

/**
 * One life of a process. When it ends, its timers never ring and its messages never leave: code that still runs in it
 * is a ghost that can touch nothing.
 */
export class Incarnation {
  #alive = true;
  readonly #onDeath: (() => void)[] = [];

  readonly isAlive = (): boolean => this.#alive;

  onDeath(run: () => void): void {
    this.#onDeath.push(run);
  }

  kill(): void {
    if (!this.#alive) return;
    this.#alive = false;
    for (const run of this.#onDeath) run();
  }

  /** The scheduler of this life. */
  scheduler(time: Scheduler): Scheduler {
    return {
      after: (delayMs, run): Cancel =>
        time.after(delayMs, () => {
          if (this.#alive) run();
        }),
    };
  }

  /** A function of this life: called after its end it does nothing. */
  bind<Arguments extends unknown[]>(run: (...given: Arguments) => void): (...given: Arguments) => void {
    return (...given) => {
      if (this.#alive) run(...given);
    };
  }
}
