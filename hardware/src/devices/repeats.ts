import type { Clock } from '@tessera/shared/ports';

/** Swallows a text that is read again and again while it is still held to the reader, also where two take turns. */
export class Repeats {
  readonly #clock: Clock;
  readonly #withinMs: number;
  readonly #lastSeenMs = new Map<string, number>();

  /** @param withinMs the same text is a repeat if it was last seen no longer ago than this */
  constructor(clock: Clock, withinMs: number) {
    this.#clock = clock;
    this.#withinMs = withinMs;
  }

  /** True for a text that was not there just before. */
  isNew(text: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    for (const [seen, atMs] of this.#lastSeenMs) if (nowMs - atMs > this.#withinMs) this.#lastSeenMs.delete(seen);
    const repeat = this.#lastSeenMs.has(text);
    this.#lastSeenMs.set(text, nowMs);
    return !repeat;
  }
}
