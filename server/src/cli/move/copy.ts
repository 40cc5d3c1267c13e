import type Sqlite from 'better-sqlite3';
import type { Client } from 'pg';
import { Digester, type Digest } from './digest.ts';
import { quotedList, selectInOrder, type Table } from './tables.ts';

/** Rows that are in memory at a time. */
const PORTION = 2_000;

/** Told after each portion: rows of this table so far. */
export type Progress = (table: string, rows: number) => void;

/** Copies a table, row by row in the order of its key; answers what went over. */
export async function copyTable(
  sqlite: Sqlite.Database,
  client: Client,
  table: Table,
  progress: Progress,
): Promise<Digest> {
  const { name, columns } = table;
  const arrays = columns.map(({ type }, index) => `$${String(index + 1)}::${type}[]`).join(', ');
  const insert = `insert into "${name}" (${quotedList(columns.map((each) => each.name))}) select * from unnest(${arrays})`;
  const digester = new Digester();
  let portion: unknown[][] = columns.map(() => []);
  const flush = async (): Promise<void> => {
    if (portion[0]?.length === 0) return;
    await client.query({ name: `move ${name}`, text: insert, values: portion });
    portion = columns.map(() => []);
    progress(name, digester.rows);
  };
  for (const row of sqlite.prepare<[], unknown[]>(selectInOrder(table)).raw().iterate()) {
    digester.add(row);
    row.forEach((value, index) => portion[index]?.push(value));
    if (portion[0]?.length === PORTION) await flush();
  }
  await flush();
  return digester.digest();
}

/** Reads a table back, in the same order. */
export async function digestTable(client: Client, table: Table): Promise<Digest> {
  const digester = new Digester();
  await client.query(`declare moved no scroll cursor for ${selectInOrder(table)}`);
  for (;;) {
    const { rows } = await client.query<unknown[]>({ text: `fetch ${String(PORTION)} from moved`, rowMode: 'array' });
    for (const row of rows) digester.add(row);
    if (rows.length < PORTION) break;
  }
  await client.query('close moved');
  return digester.digest();
}

/** Lets numbers that PostgreSQL draws itself go on after those that came along. */
export async function raiseSequences(client: Client, tables: readonly Table[]): Promise<void> {
  for (const { name, key } of tables) {
    const [column = ''] = key;
    const { rows } = await client.query<{ sequence: string | null }>(
      'select pg_get_serial_sequence($1, $2) as sequence',
      [name, column],
    );
    const sequence = rows[0]?.sequence ?? null;
    if (sequence === null) continue;
    await client.query(`select setval($1::regclass, coalesce(max("${column}"), 0) + 1, false) from "${name}"`, [
      sequence,
    ]);
  }
}
