import { RateLimiterRes } from 'rate-limiter-flexible';
import type { Clock } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import type { Commands, Refused, Tx } from '../commands/commands.ts';
import { TableLimiter } from './table-limiter.ts';

export interface Limits {
  /** Short name of what is counted; the key's prefix in the table. */
  readonly prefix: string;
  /** So many attempts in a window; the next is refused until the window ends. */
  readonly attempts: number;
  readonly windowMs: number;
}

/** Slows down guessing at one thing. An attempt is counted before it is tried, so that a burst cannot slip through. */
export interface Throttle {
  /** Counts an attempt; `too_many_attempts` with the time to wait where there were too many. Answers the attempts left. */
  attempt(key: string): Promise<Refused<number>>;
  /** The attempt was a right one: it is not counted. */
  undo(key: string): Promise<void>;
  /** The right person has shown up: the key starts afresh. */
  clear(key: string): Promise<void>;
}

/** A throttle with its counts in the database. */
export function createThrottle(parts: { commands: Commands; clock: Clock }, limits: Limits): Throttle {
  const limiter = new TableLimiter(parts, limits);
  return {
    async attempt(key) {
      try {
        return ok((await limiter.consume(key)).remainingPoints);
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        return err(problem('too_many_attempts', { retryAfterMs: Math.ceil(refused.msBeforeNext) }));
      }
    },
    async undo(key) {
      await limiter.reward(key);
    },
    async clear(key) {
      await limiter.delete(key);
    },
  };
}

/** Forgets counts whose window is over. */
export async function forgetExpiredThrottles(tx: Tx): Promise<void> {
  await tx.db.deleteFrom('throttles').where('expires_at', '<=', tx.at).execute();
}
