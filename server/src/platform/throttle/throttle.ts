import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import { sql } from 'kysely';
import type { Commands, Refused, Tx } from '../commands/commands.ts';
import { statement } from '../database/statement.ts';

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

/** Adds an attempt; a window that is over starts anew. */
const count = statement((db, p: { key: string; now: number; until: number }) =>
  db
    .insertInto('throttles')
    .values({ key: p.key, attempts: 1, expires_at: p.until })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        attempts: sql`case when throttles.expires_at <= ${p.now} then 1 else throttles.attempts + 1 end`,
        expires_at: sql`case when throttles.expires_at <= ${p.now} then excluded.expires_at else throttles.expires_at end`,
      }),
    )
    .returning(['attempts', 'expires_at as expiresAt']),
);

const undoOne = statement((db, p: { key: string }) =>
  db
    .updateTable('throttles')
    .set((eb) => ({ attempts: eb('attempts', '-', 1) }))
    .where('key', '=', p.key)
    .where('attempts', '>', 0),
);

const forget = statement((db, p: { key: string }) => db.deleteFrom('throttles').where('key', '=', p.key));

/**
 * A throttle with its counts in the database: they survive a restart, are shared by all server processes, and follow the
 * injected clock. (The library that we tried keeps its own clock and timers, and its store base is not for others to use.)
 */
export function createThrottle(commands: Commands, limits: Limits): Throttle {
  const run = <T>(name: string, work: (tx: Tx) => Promise<T>): Promise<Refused<T>> =>
    commands.run<T>({ name, actor: 'job:throttle', work: async (tx) => ok(await work(tx)) });
  const keyOf = (key: string): string => `${limits.prefix}:${key}`;
  return {
    async attempt(key) {
      const counted = await run('throttle.count', async (tx) => {
        const [row] = await count(tx.db, { key: keyOf(key), now: tx.at, until: tx.at + limits.windowMs });
        return { attempts: row?.attempts ?? 1, waitMs: (row?.expiresAt ?? tx.at) - tx.at };
      });
      // Fails closed: where nothing can be counted, nothing may be tried.
      if (!counted.ok) return counted;
      const { attempts, waitMs } = counted.value;
      if (attempts > limits.attempts) return err(problem('too_many_attempts', { retryAfterMs: waitMs }));
      return ok(limits.attempts - attempts);
    },
    undo: (key) => run('throttle.undo', (tx) => undoOne(tx.db, { key: keyOf(key) })).then(regardless),
    clear: (key) => run('throttle.clear', (tx) => forget(tx.db, { key: keyOf(key) })).then(regardless),
  };
}

/** A count that stays too high for want of a disk only makes somebody wait. */
const regardless = (): void => undefined;

/** Forgets counts whose window is over. */
export async function forgetExpiredThrottles(tx: Tx): Promise<void> {
  await tx.db.deleteFrom('throttles').where('expires_at', '<=', tx.at).execute();
}
