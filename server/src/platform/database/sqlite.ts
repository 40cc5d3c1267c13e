import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { prepareDirectly } from './direct.ts';
import { noNeighbours } from './neighbours.ts';
import type { Database } from './port.ts';
import type { Schema } from './schema.ts';
import { transactOnSqlite } from './sqlite-batch.ts';
import { speakDirectly } from './statement.ts';

const STATEMENTS_KEPT = 1000;

/** Keeps what was made of a text: preparing costs more than most of our queries. */
function kept<Made>(make: (text: string) => Made): (text: string) => Made {
  const cache = new Map<string, Made>();
  return (text) => {
    const known = cache.get(text);
    if (known !== undefined) return known;
    if (cache.size >= STATEMENTS_KEPT) cache.clear();
    const made = make(text);
    cache.set(text, made);
    return made;
  };
}

/**
 * Opens the database file (or `:memory:`) so that an acknowledged commit survives power loss: WAL, synchronous=FULL.
 * `readonly` is for looking beside a running server.
 */
export function openSqlite(file: string, options: { readonly?: boolean } = {}): Database {
  const readonly = options.readonly ?? false;
  const sqlite = new Sqlite(file, { readonly, fileMustExist: readonly });
  if (!readonly) sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('busy_timeout = 5000');
  // A batch touches more pages than SQLite's default of 2 MiB keeps, and its savepoints would spill into temporary files.
  sqlite.pragma('cache_size = -32768');
  sqlite.pragma('temp_store = MEMORY');
  // 40 MiB of log before it is copied into the database: pages that every batch changes are copied once and not forty times.
  sqlite.pragma('wal_autocheckpoint = 10000');
  const prepare = kept((text) => sqlite.prepare(text));
  const direct = kept((text) => prepareDirectly(sqlite, text));
  const db = new Kysely<Schema>({
    dialect: new SqliteDialect({
      database: { prepare, close: () => sqlite.close() },
    }),
  });
  const alone: Database['alone'] = (work) =>
    db.connection().execute((own) => {
      speakDirectly(own, (text, parameters) => direct(text)(parameters));
      return work(own);
    });
  return {
    engine: 'sqlite',
    db,
    alone,
    neighbours: noNeighbours,
    transact: transactOnSqlite({ alone, inTransaction: () => sqlite.inTransaction }),
    close: () => db.destroy(),
  };
}
