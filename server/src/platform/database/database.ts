import type { Database } from './port.ts';
import { openPostgres } from './postgres/postgres.ts';
import { isPostgresAddress } from './postgres/addresses.ts';
import { openSqlite } from './sqlite.ts';

export type { Database, Db } from './port.ts';

/**
 * Opens a database by its address: `postgres://…` (several, with commas, where a standby may take over), a file of SQLite, or
 * `:memory:`. `readonly` is for looking beside a running server.
 */
export const openDatabase = (address: string, options: { readonly?: boolean } = {}): Database =>
  isPostgresAddress(address) ? openPostgres(address, options) : openSqlite(address, options);
