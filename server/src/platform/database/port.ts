import { PostgresAdapter, type Kysely } from 'kysely';
import type { Neighbours } from './neighbours.ts';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema>;

export type Engine = 'sqlite' | 'postgres';

/** Which engine answers queries of `db`: for the few that the two understand differently. */
export const engineOf = (db: Db): Engine =>
  db.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite';

/** The transaction of one batch of commands, with places inside it to come back to. */
export interface Batch {
  readonly db: Db;
  /** Remembers the place before a command. */
  mark(): Promise<unknown>;
  /** Keeps what was done since the mark. */
  keep(): Promise<unknown>;
  /** Undoes what was done since the mark, and stays there. */
  undo(): Promise<unknown>;
  /**
   * Judges what a command threw. `bug`: its own fault. `storage`: the disk is full or broken, so that it has to be refused.
   * `whole`: the whole transaction is over; the error goes on to `transact`, which knows what follows.
   */
  judge(cause: unknown): 'bug' | 'storage' | 'whole';
}

/** Nothing of a batch was kept, for want of disk or connection: its commands may be refused with a good conscience. */
export class NothingKept extends Error {
  constructor(cause: unknown) {
    super('The database kept nothing of this batch', { cause });
  }
}

/** An open database: Kysely for all queries, and what only its engine knows. */
export interface Database {
  readonly engine: Engine;
  readonly db: Db;
  /** Gives `work` a connection for itself: nothing of anybody else runs between its queries. */
  alone<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /**
   * Runs `work` in one transaction of the only writer, and puts it on the disk. Where the database undid it through nobody's
   * fault (a lost connection, a deadlock), `work` runs again from its beginning.
   * @throws NothingKept where it could not be kept, and surely was not
   * @throws anything else where nobody knows what is on the disk, or `work` threw it: the process has to end
   */
  transact(work: (batch: Batch) => Promise<void>): Promise<void>;
  /** The other processes on this database. */
  readonly neighbours: Neighbours;
  close(): Promise<void>;
}
