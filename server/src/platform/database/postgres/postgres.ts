import { Kysely, PostgresDialect } from 'kysely';
import { newUlid } from '@tessera/shared/ids/ulid';
import { systemChance, systemClock, systemScheduler } from '../../clock/system.ts';
import type { Database } from '../port.ts';
import type { Schema } from '../schema.ts';
import { readAddresses } from './addresses.ts';
import { Primary } from './primary.ts';
import { Writer } from './writer.ts';

/**
 * Opens a PostgreSQL database; connections are made when they are needed.
 * @param text what DATABASE_URL holds
 */
export function openPostgres(text: string, options: { readonly?: boolean } = {}): Database {
  const readonly = options.readonly ?? false;
  const primary = new Primary(readAddresses(text), readonly ? { options: '-c default_transaction_read_only=on' } : {});
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: primary }) });
  const writer = new Writer({
    primary,
    name: newUlid(systemClock, systemChance),
    nowMs: () => systemClock.monotonicMs(),
    pause: (ms) =>
      new Promise((resolve) => {
        systemScheduler.after(ms, resolve);
      }),
  });
  return {
    engine: 'postgres',
    db,
    alone: (work) => db.connection().execute(work),
    transact: readonly ? () => Promise.reject(new Error('This database was opened to read')) : writer.transact,
    close: async () => {
      await writer.close();
      await db.destroy();
    },
  };
}
