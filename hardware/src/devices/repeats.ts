import type { Clock } from '@tessera/shared/ports';

/** Swallows a text that is read again and again while it is still held to the reader. */
export class Repeats {
  readonly #clock: Clock;
  readonly #withinMs: number;
  #last: { readonly text: string; readonly atMs: number } | undefined;

  /** @param withinMs the same text is a repeat if it was last seen no longer ago than this */
  constructor(clock: Clock, withinMs: number) {
    this.#clock = clock;
    this.#withinMs = withinMs;
  }

  /** True for a text that was not there just before. */
  isNew(text: string): boolean {
    const atMs = this.#clock.monotonicMs();
    const last = this.#last;
    this.#last = { text, atMs };
    return last?.text !== text || atMs - last.atMs > this.#withinMs;
  }
}
