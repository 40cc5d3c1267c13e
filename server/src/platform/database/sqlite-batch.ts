import { CompiledQuery } from 'kysely';
import { NothingKept, type Batch, type Database } from './port.ts';
import { statement } from './statement.ts';

const fixed = (text: string) => statement(() => ({ compile: () => CompiledQuery.raw(text) }));
const begin = fixed('begin immediate');
const commit = fixed('commit');
const rollback = fixed('rollback');
const savepoint = fixed('savepoint command');
const release = fixed('release command');
const rollbackTo = fixed('rollback to command');

/** What a SQLite connection needs to run batches: its use for itself, and whether a transaction is open on it. */
type Connection = Pick<Database, 'alone'> & { readonly inTransaction: () => boolean };

/** Batches on SQLite: it has one writer, and a COMMIT that fails leaves nobody who knows what is on the disk. */
export const transactOnSqlite =
  ({ alone, inTransaction }: Connection): Database['transact'] =>
  (work) =>
    alone(async (db) => {
      const batch: Batch = {
        db,
        mark: () => savepoint(db, {}),
        keep: () => release(db, {}),
        undo: () => rollbackTo(db, {}),
        judge: (cause) => {
          // On a full disk SQLite undoes the whole transaction by itself: the batch has nothing left to stand on.
          if (!inTransaction()) return 'whole';
          return isStorageFailure(cause) ? 'storage' : 'bug';
        },
      };
      try {
        await begin(db, {});
        await work(batch);
      } catch (cause) {
        if (inTransaction()) await rollback(db, {});
        throw isStorageFailure(cause) ? new NothingKept(cause) : cause;
      }
      await commit(db, {});
    });

/** The disk is full or broken: new work is refused, what is stored stays. */
function isStorageFailure(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return /^SQLITE_(FULL|IOERR|READONLY|CORRUPT|NOTADB)/.test(code);
}
