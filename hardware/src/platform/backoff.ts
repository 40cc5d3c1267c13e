import type { Cancel, Scheduler } from '@tessera/shared/ports';

/** How long to wait before each next try: doubling from `firstMs` to `mostMs`. */
export type BackoffTimes = { readonly firstMs: number; readonly mostMs: number };

/** Spaces the tries of one thing. */
export class Backoff {
  readonly #scheduler: Scheduler;
  readonly #times: BackoffTimes;
  #nextMs: number;
  #cancel: Cancel | undefined;

  constructor(scheduler: Scheduler, times: BackoffTimes) {
    this.#scheduler = scheduler;
    this.#times = times;
    this.#nextMs = times.firstMs;
  }

  /** Runs `attempt` after the present delay, and doubles it for the next time. A try already waiting is replaced. */
  retry(attempt: () => void): void {
    this.#cancel?.();
    this.#cancel = this.#scheduler.after(this.#nextMs, attempt);
    this.#nextMs = Math.min(this.#nextMs * 2, this.#times.mostMs);
  }

  /** It worked: the next failure starts from the shortest delay again. */
  reset(): void {
    this.#nextMs = this.#times.firstMs;
  }

  /** No more tries. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
