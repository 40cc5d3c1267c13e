import { createHash } from 'node:crypto';

/** What has to happen on a journey of three years: one that never met it has shown nothing about it. */
export const WANTED = [
  'sale',
  'sale.late',
  'sale.leap_day',
  'sale.clocks_change',
  'sale.suspended_issuer',
  'return',
  'return.owed',
  'payment.captured',
  'payment.part',
  'payment.voided',
  'payment.forgotten',
  'payment.refunded',
  'gift.captured',
  'gift.released',
  'transfer',
  'adjustment',
  'vested',
  'expired.rolling',
  'expired.calendar',
  'expired.inactivity',
  'tier.raised',
  'tier.grace',
  'tier.kept',
  'tier.lowered',
  'run.posted',
  'run.recalculated',
  'paid.whole',
  'paid.part',
  'dispute.upheld',
  'dispute.rejected',
  'default',
  'wind_down',
  'rate.dated',
  'fee',
] as const;

/** Counts what happened, and makes one fingerprint of all of it: the same seed gives the same. */
export class Tally {
  readonly #counts = new Map<string, number>();
  readonly #hash = createHash('sha256');
  /** What happened last. */
  last = '';

  /** Counts something that happened at a moment, ms since the epoch. */
  count(what: string, atMs: number, detail = ''): void {
    this.add(what, 1);
    this.last = `${new Date(atMs).toISOString()} ${what} ${detail}`;
    this.#hash.update(`${this.last}\n`);
  }

  add(what: string, times: number): void {
    this.#counts.set(what, this.of(what) + times);
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  /** What was wanted and never happened. */
  unmet(): string[] {
    return WANTED.filter((what) => this.of(what) === 0);
  }

  all(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  fingerprint(): string {
    return this.#hash.copy().digest('hex');
  }
}
