import type { Clock } from '@tessera/shared/ports';

/**
 * A kiosk has no real-time clock: after a start its date may be years behind. Until the server has told the time, dates
 * count from the last time it ever told; from then on from its word and the monotonic clock.
 */
export class KioskTime {
  #told: { readonly serverMs: number; readonly monotonicMs: number } | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly lastToldMs: () => number,
  ) {}

  /** The best known time, in ms since the epoch. */
  nowMs(): number {
    if (!this.#told) return Math.max(this.clock.nowMs(), this.lastToldMs());
    return this.#told.serverMs + (this.clock.monotonicMs() - this.#told.monotonicMs);
  }

  /** Takes the time from an answered hello. */
  tell(serverMs: number): void {
    this.#told = { serverMs, monotonicMs: this.clock.monotonicMs() };
  }
}
