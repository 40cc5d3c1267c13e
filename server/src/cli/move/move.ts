import Sqlite from 'better-sqlite3';
import type { Client } from 'pg';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import { rowsBegunWith } from '../../platform/migrations/migrate.ts';
import { copyTable, digestTable, raiseSequences, type Progress } from './copy.ts';
import type { Digest } from './digest.ts';
import { tablesOf, type Table } from './tables.ts';

export interface Moved {
  readonly tables: readonly (Digest & { readonly name: string })[];
  readonly rows: number;
}

const refused = (detail: string): Result<never, Problem> => err(problem('conflict', { detail }));

/** How many rows each table of a file has. */
export function countRows(file: string): Moved {
  const sqlite = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    const tables = tablesOf(sqlite).map(({ name }) => {
      const row = sqlite.prepare<[], { rows: number }>(`select count(*) as rows from "${name}"`).get();
      return { name, rows: row?.rows ?? 0, sha256: '' };
    });
    return { tables, rows: tables.reduce((sum, each) => sum + each.rows, 0) };
  } finally {
    sqlite.close();
  }
}

/**
 * Moves everything in one transaction: PostgreSQL has all of it, compared row by row with the file, or nothing.
 * @param client on an empty database with the newest schema
 */
export async function moveBooks(file: string, client: Client, progress: Progress): Promise<Result<Moved, Problem>> {
  const sqlite = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    sqlite.exec('begin');
    await client.query('begin');
    const tables = tablesOf(sqlite);
    const full = await firstWithRows(client, tables);
    if (full !== undefined) {
      return refused(`The PostgreSQL database is not empty: ${full} has rows. Name an empty one.`);
    }
    for (const table of Object.keys(rowsBegunWith)) await client.query(`delete from "${table}"`);
    // Rows refer to each other in every direction: references go away for the copy, and are all verified when they come back.
    const references = await takeReferences(client);
    const moved: (Digest & { name: string })[] = [];
    for (const table of tables) {
      const sent = await copyTable(sqlite, client, table, progress);
      const arrived = await digestTable(client, table);
      if (sent.rows !== arrived.rows || sent.sha256 !== arrived.sha256) {
        return refused(`${table.name} did not arrive as it was sent; nothing was kept. Please report this.`);
      }
      moved.push({ name: table.name, ...arrived });
    }
    for (const text of references) await client.query(text);
    await raiseSequences(client, tables);
    await client.query('commit');
    return ok({ tables: moved, rows: moved.reduce((sum, each) => sum + each.rows, 0) });
  } finally {
    sqlite.close();
    await client.query('rollback');
  }
}

async function firstWithRows(client: Client, tables: readonly Table[]): Promise<string | undefined> {
  for (const { name } of tables) {
    const begunWith = rowsBegunWith[name] ?? 0;
    const { rowCount } = await client.query(`select 1 from "${name}" limit ${String(begunWith + 1)}`);
    if (rowCount !== null && rowCount > begunWith) return name;
  }
  return undefined;
}

/** Drops every reference; answers the statements that bring them back. */
async function takeReferences(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace`,
  );
  for (const { table, name } of rows) await client.query(`alter table ${table} drop constraint "${name}"`);
  return rows.map(({ table, name, definition }) => `alter table ${table} add constraint "${name}" ${definition}`);
}
