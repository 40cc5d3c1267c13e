import type { Clock } from '@tessera/shared/ports';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';

/** How often one caller may ask: a bucket that holds `burst` requests and fills by `perSecond`. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** Callers remembered at a time; beyond it the oldest are forgotten, which only gives them a full bucket. */
const CALLERS = 10_000;

/** Shares the server out fairly: one caller in a hurry does not slow the others down. Kept in memory: it is about this second. */
export class RateLimit {
  readonly #rate: Rate;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate, clock: Pick<Clock, 'monotonicMs'>) {
    this.#rate = rate;
    this.#clock = clock;
  }

  /** Takes one request out of the caller's bucket; `too_many_attempts` with the time to wait where it is empty. */
  take(caller: string): Result<null, Problem> {
    const { perSecond, burst } = this.#rate;
    const nowMs = this.#clock.monotonicMs();
    const before = this.#buckets.get(caller) ?? { tokens: burst, filledAtMs: nowMs };
    const filled = Math.min(burst, before.tokens + ((nowMs - before.filledAtMs) / 1000) * perSecond);
    const allowed = filled >= 1;
    this.#buckets.delete(caller);
    this.#buckets.set(caller, { tokens: allowed ? filled - 1 : filled, filledAtMs: nowMs });
    this.#forgetOldest();
    if (allowed) return ok(null);
    return err(problem('too_many_attempts', { retryAfterMs: Math.ceil(((1 - filled) / perSecond) * 1000) }));
  }

  #forgetOldest(): void {
    if (this.#buckets.size <= CALLERS) return;
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
