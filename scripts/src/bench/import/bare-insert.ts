import { openDatabase } from '@tessera/server/platform/database/database';
import { migrate } from '@tessera/server/platform/migrations/migrate';
import Sqlite from 'better-sqlite3';

/** What accruals leave behind, parents before children, and the order in which their rows came. */
const TABLES: readonly (readonly [table: string, order: string])[] = [
  ['accruals', 'accrual_id'],
  ['accrual_lines', 'accrual_id, line'],
  ['point_transactions', 'transaction_id'],
  ['point_lots', 'lot_id'],
  ['point_postings', 'transaction_id, line'],
  ['merchant_memberships', 'first_at'],
  ['earning_counters', 'last_at'],
  ['balances', 'member_id'],
  ['audit', 'seq'],
];
/** What must be there for references to hold; copied before the clock runs. */
const PARENTS = ['industries', 'merchants', 'branches', 'terminals', 'members'];
const ROWS_AT_ONCE = 20_000;

type Row = readonly unknown[];

/**
 * The yardstick: the very rows that the import wrote, inserted bare: the same tables, indexes and durability, prepared
 * statements, in the order in which they came, one transaction, nothing decided. Answers the seconds of the inserting and the commit.
 */
export async function insertBare(source: string, target: string): Promise<{ seconds: number; rows: number }> {
  const made = openDatabase(target);
  await migrate(made.db);
  await made.close();
  const from = new Sqlite(source, { readonly: true });
  const to = new Sqlite(target);
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'cache_size = -32768'])
    to.pragma(pragma);
  for (const table of PARENTS)
    for (const { rows, insert } of copies(from, to, table, '1')) rows.forEach((row) => insert(row));
  let [ms, count] = [0, 0];
  const timed = (work: () => void): void => {
    const started = performance.now();
    work();
    ms += performance.now() - started;
  };
  timed(() => to.exec('begin immediate'));
  for (const [table, order] of TABLES) {
    for (const { rows, insert } of copies(from, to, table, order)) {
      count += rows.length;
      timed(() => {
        for (const row of rows) insert(row);
      });
    }
  }
  timed(() => to.exec('commit'));
  to.close();
  from.close();
  return { seconds: ms / 1000, rows: count };
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
