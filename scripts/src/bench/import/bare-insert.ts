import { openDatabase } from '@tessera/server/platform/database/database';
import { migrate } from '@tessera/server/platform/migrations/migrate';
import Sqlite from 'better-sqlite3';
import { PARENTS, TABLES } from './bare-tables.ts';

const ROWS_AT_ONCE = 20_000;

type Row = readonly unknown[];

/**
 * The yardstick on SQLite: the very rows that the import wrote, inserted bare: the same tables, indexes and durability, prepared
 * statements, in the order in which they came, one transaction, nothing decided. Answers the seconds of the inserting and the commit.
 */
export async function insertBare(source: string, target: string): Promise<number> {
  const made = openDatabase(target);
  await migrate(made.db);
  await made.close();
  const from = new Sqlite(source, { readonly: true });
  const to = new Sqlite(target);
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'cache_size = -32768'])
    to.pragma(pragma);
  for (const table of PARENTS)
    for (const { rows, insert } of copies(from, to, table, '1')) rows.forEach((row) => insert(row));
  let ms = 0;
  const timed = (work: () => void): void => {
    const started = performance.now();
    work();
    ms += performance.now() - started;
  };
  timed(() => to.exec('begin immediate'));
  for (const [table, order] of TABLES) {
    for (const { rows, insert } of copies(from, to, table, order)) {
      timed(() => {
        for (const row of rows) insert(row);
      });
    }
  }
  timed(() => to.exec('commit'));
  to.close();
  from.close();
  return ms / 1000;
}

/** The rows of a table, some at a time, and how one is inserted. */
function* copies(from: Sqlite.Database, to: Sqlite.Database, table: string, order: string) {
  const all = from.prepare<unknown[], Row>(`select * from ${table} order by ${order}`).raw();
  const holes = all.columns().map(() => '?');
  const statement = to.prepare(`insert into ${table} values (${holes.join(', ')})`);
  const insert = (row: Row): void => {
    statement.run(...row);
  };
  let rows: Row[] = [];
  for (const row of all.iterate()) {
    rows.push(row);
    if (rows.length < ROWS_AT_ONCE) continue;
    yield { rows, insert };
    rows = [];
  }
  yield { rows, insert };
}
