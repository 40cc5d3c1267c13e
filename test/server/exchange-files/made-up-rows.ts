import type { Column, ExportTable } from '@tessera/server/features/exchange-files/exports/table';
import type { Db } from '@tessera/server/platform/database/database';
import { NEVER } from '@tessera/server/platform/database/schema/ledger';
import { sql, type ColumnMetadata } from 'kysely';

const TEXTS = ['', '=1+1', '\' "q", ', 'line\r\nfeed', '-數字'];
/** How many rows a table is filled with. */
export const MADE_UP = TEXTS.length;
/** The row that has nothing where nothing may be. */
const BARE = 2;
const LATE = 1_700_000_000_000;

type Made = string | number | null;

/** A value of a column: all rows have the same key but for its end, and no two are alike elsewhere. */
function valueFor({ key }: ExportTable, { name, dataType }: ColumnMetadata, shape: Column['shape'], row: number): Made {
  const place = key.findIndex((column) => column.name === name);
  const isText = dataType.toLowerCase() === 'text';
  const text = `${TEXTS[row] ?? ''}${row === 0 ? '' : String(row)}`;
  if (place >= 0 && place < key.length - 1) return isText ? '01VLV0000000000000000000LV' : 7;
  if (place >= 0) return isText ? `01JVL${String(row).padStart(21, '0')}` : row + 9;
  if (shape === 'json') return JSON.stringify({ text });
  if (shape === 'flag') return row % 2;
  if (shape === 'until' && row === 1) return NEVER;
  return isText ? text : LATE + row;
}

function outside(value: Made, shape: Column['shape']): unknown {
  if (shape === 'json') return typeof value === 'string' ? (JSON.parse(value) as unknown) : null;
  if (shape === 'flag') return value === 1;
  return shape === 'until' && value === NEVER ? null : value;
}

/** Puts rows into a table that nothing guards, instead of its own, and answers what must come out, in the order of its key. */
export async function fill(db: Db, table: ExportTable): Promise<unknown[][]> {
  await sql`delete from ${sql.table(table.table)}`.execute(db);
  const known = (await db.introspection.getTables()).find(({ name }) => name === table.table)?.columns ?? [];
  const shapes = new Map(table.columns.map(({ name, shape }) => [name, shape]));
  const needed = known.filter(
    ({ name, isNullable, hasDefaultValue }) => shapes.has(name) || !(isNullable || hasDefaultValue),
  );
  const expected: unknown[][] = [];
  for (let row = 0; row < MADE_UP; row += 1) {
    const made = new Map<string, Made>();
    for (const column of needed) {
      const isKey = table.key.some(({ name }) => name === column.name);
      const value = valueFor(table, column, shapes.get(column.name) ?? 'plain', row);
      made.set(column.name, row === BARE && column.isNullable && !isKey ? null : value);
    }
    const names = sql.join([...made.keys()].map((name) => sql.ref(name)));
    await sql`insert into ${sql.table(table.table)} (${names}) values (${sql.join([...made.values()])})`.execute(db);
    expected.push(table.columns.map(({ name, shape }) => outside(made.get(name) ?? null, shape)));
  }
  return expected;
}
