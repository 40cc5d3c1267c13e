import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema>;

/** An open database: Kysely for all queries, and what only the driver knows. */
export interface Database {
  readonly db: Db;
  /** True between BEGIN and COMMIT; SQLite rolls back by itself on a full disk. */
  inTransaction(): boolean;
  /** Copies the live database into a file, page by page, while it is being written. */
  backupTo(file: string): Promise<void>;
  close(): Promise<void>;
}

const STATEMENTS_KEPT = 1000;

/** Prepared statements by their text: preparing costs more than most of our queries. */
function withStatementCache(sqlite: Sqlite.Database): Pick<Sqlite.Database, 'prepare' | 'close'> {
  const cache = new Map<string, Sqlite.Statement>();
  return {
    prepare: ((text: string) => {
      const known = cache.get(text);
      if (known) return known;
      if (cache.size >= STATEMENTS_KEPT) cache.clear();
      const made = sqlite.prepare(text);
      cache.set(text, made);
      return made;
    }) as Sqlite.Database['prepare'],
    close: () => sqlite.close(),
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
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: withStatementCache(sqlite) }) });
  return {
    db,
    inTransaction: () => sqlite.inTransaction,
    backupTo: async (target) => {
      await sqlite.backup(target);
    },
    close: () => db.destroy(),
  };
}
