import type { Chance } from '@tessera/shared/ports';

/** Delays that double up to a limit, each spread over half of its length so that kiosks do not return in step. */
export class Backoff {
  #tries = 0;

  constructor(
    private readonly limits: { readonly firstMs: number; readonly maxMs: number },
    private readonly chance: Chance,
  ) {}

  next(): number {
    const { firstMs, maxMs } = this.limits;
    const full = Math.min(maxMs, firstMs * 2 ** this.#tries);
    this.#tries = Math.min(this.#tries + 1, 30);
    const [byte = 0] = this.chance.bytes(1);
    return Math.round(full * (0.5 + byte / 510));
  }

  reset(): void {
    this.#tries = 0;
  }
}
