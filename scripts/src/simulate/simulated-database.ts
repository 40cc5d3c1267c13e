import type { Database } from '@tessera/server/platform/database/database';
import { prepareDirectly, type Values } from '@tessera/server/platform/database/direct';
import type { Schema } from '@tessera/server/platform/database/schema';
import { noNeighbours } from '@tessera/server/platform/database/neighbours';
import { transactOnSqlite } from '@tessera/server/platform/database/sqlite-batch';
import { speakDirectly } from '@tessera/server/platform/database/statement';
import Sqlite from 'better-sqlite3';
import {
  DefaultConnectionProvider,
  DefaultQueryExecutor,
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  SqliteQueryCompiler,
  type CompiledQuery,
  type ConnectionProvider,
  type DatabaseConnection,
  type QueryResult,
} from 'kysely';

/** A statement of a living server: throws where its process is dead, or dies right now. */
export type Gate = () => void;

/** What changes the text of statements before they are prepared: planted bugs. Empty in an honest run. */
export const rewrites = new Set<(text: string) => string>();

/**
 * The database of the simulated world: the real SQLite with the real statements, in memory. A server that dies loses what it
 * had not committed, and whatever still runs of it reaches nothing.
 */
export class SimulatedDatabase {
  readonly #sqlite = new Sqlite(':memory:');
  readonly #statements = new Map<string, Sqlite.Statement>();
  readonly #direct = new Map<string, (parameters: Values) => unknown[]>();

  constructor() {
    this.#sqlite.pragma('foreign_keys = ON');
  }

  /** The database as one life of the server sees it. */
  lease(gate: Gate): Database {
    const door: Door = {
      prepare: (text) => {
        gate();
        return this.#prepare(text);
      },
      close: () => undefined,
    };
    const db = connect(door);
    const alone: Database['alone'] = (work) =>
      db.connection().execute((own) => {
        speakDirectly(own, (text, parameters) => {
          gate();
          return this.#runnerOf(text)(parameters);
        });
        return work(own);
      });
    return {
      engine: 'sqlite',
      db,
      alone,
      neighbours: noNeighbours,
      transact: transactOnSqlite({ alone, inTransaction: () => this.#sqlite.inTransaction }),
      close: () => Promise.resolve(),
    };
  }

  /** The server's process has died: what it had not committed is undone. */
  crash(): void {
    if (this.#sqlite.inTransaction) this.#sqlite.exec('rollback');
  }

  close(): void {
    this.#sqlite.close();
  }

  #prepare(text: string): Sqlite.Statement {
    return kept(this.#statements, text, () => this.#sqlite.prepare(rewritten(text)));
  }

  /** As the server's own database runs its hot statements. */
  #runnerOf(text: string): (parameters: Values) => unknown[] {
    return kept(this.#direct, text, () => prepareDirectly(this.#sqlite, rewritten(text)));
  }
}

const rewritten = (text: string): string => [...rewrites].reduce((known, rewrite) => rewrite(known), text);

/** What is made of a text, made once. */
function kept<Made>(cache: Map<string, Made>, text: string, make: () => Made): Made {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const made = make();
  cache.set(text, made);
  return made;
}

type Door = { prepare(text: string): Sqlite.Statement; close(): void };

function connect(door: Door): Kysely<Schema> {
  const dialect = new SqliteDialect({ database: door });
  const driver = new SqliteDriver({ database: door });
  // It has nothing to wait for: what it answers has settled already.
  void driver.init();
  const executor = new RootExecutor(new DefaultConnectionProvider(driver), door);
  return new Kysely<Schema>({ config: { dialect }, dialect, driver, executor });
}

/** Kysely's way to a connection is eight promises long, for pools and plug-ins that are not there. This one is as short as it gets. */
function execute<Row>(door: Door, { sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): QueryResult<Row> {
  const statement = door.prepare(sql);
  if (statement.reader) return { rows: statement.all(parameters) as Row[] };
  const { changes, lastInsertRowid } = statement.run(parameters);
  return { numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid), rows: [] };
}

const compiler = new SqliteQueryCompiler();
const adapter = new SqliteAdapter();

/** Queries of a connection that somebody holds. */
class BoundExecutor extends DefaultQueryExecutor {
  constructor(
    provider: ConnectionProvider,
    private readonly door: Door,
  ) {
    super(compiler, adapter, provider);
  }

  override executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return attempt(() => execute<Row>(this.door, query));
  }
}

/** Queries of nobody in particular: while somebody holds the one connection they wait, as on the real driver. */
class RootExecutor extends DefaultQueryExecutor {
  #held = 0;

  constructor(
    provider: ConnectionProvider,
    private readonly door: Door,
  ) {
    super(compiler, adapter, provider);
  }

  override async provideConnection<T>(consumer: (connection: DatabaseConnection) => Promise<T>): Promise<T> {
    this.#held += 1;
    try {
      return await super.provideConnection(consumer);
    } finally {
      this.#held -= 1;
    }
  }

  override executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return this.#held > 0 ? super.executeQuery(query) : attempt(() => execute<Row>(this.door, query));
  }

  override withConnectionProvider(provider: ConnectionProvider): BoundExecutor {
    return new BoundExecutor(provider, this.door);
  }
}

/** A promise of what a function answers or throws. */
const attempt = <T>(work: () => T): Promise<T> =>
  new Promise((resolve) => {
    resolve(work());
  });
