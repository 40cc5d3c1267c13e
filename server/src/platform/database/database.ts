import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { prepareDirectly } from './direct.ts';
import type { Schema } from './schema.ts';
import { speakDirectly } from './statement.ts';

export type Db = Kysely<Schema>;

/** An open database: Kysely for all queries, and what only the driver knows. */
export interface Database {
  readonly db: Db;
  /** Gives `work` the connection for itself: nothing of anybody else runs between its queries. */
  alone<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** True between BEGIN and COMMIT; SQLite rolls back by itself on a full disk. */
  inTransaction(): boolean;
  /** Copies the live database into a file, page by page, while it is being written. */
  backupTo(file: string): Promise<void>;
  close(): Promise<void>;
}

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
export function openDatabase(file: string, options: { readonly?: boolean } = {}): Database {
  const readonly = options.readonly ?? false;
  const sqlite = new Sqlite(file, { readonly, fileMustExist: readonly });
  if (!readonly) sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('busy_timeout = 5000');
  // A batch touches more pages than SQLite's default of 2 MiB keeps, and its savepoints would spill into temporary files.
  sqlite.pragma('cache_size = -32768');
  sqlite.pragma('temp_store = MEMORY');
  const prepare = kept((text) => sqlite.prepare(text));
  const direct = kept((text) => prepareDirectly(sqlite, text));
  const db = new Kysely<Schema>({
    dialect: new SqliteDialect({
      database: { prepare, close: () => sqlite.close() },
    }),
  });
  return {
    db,
    alone: (work) =>
      db.connection().execute((own) => {
        speakDirectly(own, (text, parameters) => direct(text)(parameters));
        return work(own);
      }),
    inTransaction: () => sqlite.inTransaction,
    backupTo: async (target) => {
      await sqlite.backup(target);
    },
    close: () => db.destroy(),
  };
}
