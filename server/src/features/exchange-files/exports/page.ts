import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import { NEVER } from '../../../platform/database/schema/ledger.ts';
import type { Column, ExportTable } from './table.ts';

/** Where a page begins: after the row with this key. */
export type Key = readonly (string | number)[];

/** A page of an export: the values of each row in the order of the columns. */
export interface ExportPage {
  readonly rows: readonly (readonly unknown[])[];
  /** The key of the last row; null where there is no more. */
  readonly next: Key | null;
}

type Row = Readonly<Record<string, unknown>>;

/**
 * The next rows of a table after a key, at most `limit`. What is written meanwhile under a higher key comes at the end; all
 * else with the next export.
 */
export async function exportPage(
  db: Db,
  { table, key, columns }: ExportTable,
  after: Key | undefined,
  limit: number,
): Promise<ExportPage> {
  const refs = (of: readonly Column[]) => sql.join(of.map(({ name }) => sql.ref(name)));
  const start = after === undefined ? sql`true` : sql`(${refs(key)}) > (${sql.join(after)})`;
  const { rows } = await sql<Row>`select ${refs(columns)} from ${sql.table(table)} where ${start}
    order by ${refs(key)} limit ${limit + 1}`.execute(db);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    rows: page.map((row) => columns.map((column) => valueOf(column, row))),
    next: rows.length > limit && last ? key.map(({ name }) => last[name] as string | number) : null,
  };
}

function valueOf({ name, shape }: Column, row: Row): unknown {
  const value = row[name];
  if (shape === 'json') return typeof value === 'string' ? JSON.parse(value) : null;
  if (shape === 'flag') return value === 1;
  return shape === 'until' && value === NEVER ? null : value;
}
