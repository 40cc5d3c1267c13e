import { RateLimiterRes, RateLimiterStoreAbstract } from 'rate-limiter-flexible';
import type { Clock } from '@tessera/shared/ports';
import { sql } from 'kysely';
import type { Commands } from '../commands/commands.ts';
import { statement } from '../database/statement.ts';

interface Count {
  readonly attempts: number;
  readonly expiresAt: number;
}

const upsert = statement((db, p: { key: string; change: number; now: number; until: number }) =>
  db
    .insertInto('throttles')
    .values({ key: p.key, attempts: p.change, expires_at: p.until })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        attempts: sql`case when expires_at <= ${p.now} then excluded.attempts else max(0, attempts + excluded.attempts) end`,
        expires_at: sql`case when expires_at <= ${p.now} then excluded.expires_at else expires_at end`,
      }),
    )
    .returning(['attempts', 'expires_at as expiresAt']),
);

/**
 * rate-limiter-flexible on our own table and clock: counts survive a restart, are shared by all doors, and follow the
 * virtual clock of a simulation.
 */
export class TableLimiter extends RateLimiterStoreAbstract {
  readonly #commands: Commands;
  readonly #clock: Clock;
  readonly #limit: number;

  constructor(
    parts: { commands: Commands; clock: Clock },
    limits: { prefix: string; attempts: number; windowMs: number },
  ) {
    super({
      storeClient: parts.commands,
      keyPrefix: limits.prefix,
      points: limits.attempts,
      duration: limits.windowMs / 1000,
    });
    this.#commands = parts.commands;
    this.#clock = parts.clock;
    this.#limit = limits.attempts;
  }

  /** Called by the base class: adds attempts to a key, starting a new window where the old one is over. */
  async _upsert(key: string, attempts: number, durationMs: number): Promise<Count> {
    const counted = await this.#commands.run<Count>({
      name: 'throttle.count',
      actor: 'job:throttle',
      work: async (tx) => {
        const [row] = await upsert(tx.db, { key, change: attempts, now: tx.at, until: tx.at + durationMs });
        return { ok: true, value: row ?? { attempts, expiresAt: tx.at + durationMs } };
      },
    });
    // Fail closed: where nothing can be counted, nothing may be tried.
    return counted.ok ? counted.value : { attempts: this.#limit + 1, expiresAt: this.#clock.nowMs() + 1_000 };
  }

  /** Called by the base class: forgets a key. */
  async _delete(key: string): Promise<boolean> {
    const done = await this.#commands.run({
      name: 'throttle.forget',
      actor: 'job:throttle',
      work: async (tx) => {
        await tx.db.deleteFrom('throttles').where('key', '=', key).execute();
        return { ok: true, value: true };
      },
    });
    return done.ok;
  }

  /** Called by the base class: how a stored count is answered. */
  _getRateLimiterRes(_key: string, changed: number, count: Count): RateLimiterRes {
    const remaining = Math.max(this.#limit - count.attempts, 0);
    const waitMs = Math.max(count.expiresAt - this.#clock.nowMs(), 0);
    return new RateLimiterRes(remaining, waitMs, count.attempts, count.attempts === changed);
  }
}
