import { Kysely, PostgresDialect } from 'kysely';
import { newUlid } from '@tessera/shared/ids/ulid';
import { systemChance, systemClock, systemScheduler } from '../../clock/system.ts';
import { noNeighbours } from '../neighbours.ts';
import type { Database } from '../port.ts';
import type { Schema } from '../schema.ts';
import { readAddresses } from './addresses.ts';
import { Notices } from './notices.ts';
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
  const name = newUlid(systemClock, systemChance);
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      systemScheduler.after(ms, resolve);
    });
  const writer = new Writer({ primary, name, nowMs: () => systemClock.monotonicMs(), pause });
  const notices = readonly ? undefined : new Notices({ primary, name, pause });
  return {
    engine: 'postgres',
    db,
    alone: (work) => db.connection().execute(work),
    transact: readonly ? () => Promise.reject(new Error('This database was opened to read')) : writer.transact,
    neighbours: notices ?? noNeighbours,
    close: async () => {
      await writer.close();
      await notices?.close();
      await db.destroy();
    },
  };
}
