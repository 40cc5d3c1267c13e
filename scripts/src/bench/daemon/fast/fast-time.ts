import type { Cancel, Clock, Scheduler } from '@tessera/shared/ports';

type Entry = { readonly atMs: number; readonly run: () => void };

/**
 * Time for a simulated machine that runs faster than the world's. It moves by `advance` alone and stops at every entry, so
 * that a busy computer makes the machine late, never its motors overrun: what is due at a time happens at that time.
 */
export class FastTime implements Scheduler, Clock {
  readonly #entries = new Set<Entry>();
  readonly #wallMs: () => number;
  #nowMs = 0;

  /** @param wallMs the wall clock, in ms since the Unix epoch; it is not sped up */
  constructor(wallMs: () => number) {
    this.#wallMs = wallMs;
  }

  nowMs(): number {
    return this.#wallMs();
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): Cancel {
    const entry = { atMs: this.#nowMs + Math.max(0, delayMs), run };
    this.#entries.add(entry);
    return () => {
      this.#entries.delete(entry);
    };
  }

  /** Lets this much of its time pass; `settle` is waited for after each entry, so that promises follow before the next. */
  async advance(byMs: number, settle: () => Promise<unknown>): Promise<void> {
    const untilMs = this.#nowMs + byMs;
    for (let next = this.#nextUntil(untilMs); next; next = this.#nextUntil(untilMs)) {
      this.#entries.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
      await settle();
    }
    this.#nowMs = untilMs;
  }

  /** The earliest entry, of equal ones the oldest. */
  #nextUntil(untilMs: number): Entry | undefined {
    let next: Entry | undefined;
    for (const entry of this.#entries) if (entry.atMs <= untilMs && (!next || entry.atMs < next.atMs)) next = entry;
    return next;
  }
}
