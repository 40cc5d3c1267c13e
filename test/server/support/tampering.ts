import { checkBooks, type CheckReport } from '@tessera/server/features/check/index';
import { openDatabase } from '@tessera/server/platform/database/database';
import { sql } from 'kysely';
import { unguardedCopy } from './engine.ts';

/** What the check says of a copy of books that nobody has open, after a statement that nothing refuses there. */
export async function checkAfter(books: string, statement: string): Promise<CheckReport> {
  const copy = await unguardedCopy(books);
  const database = openDatabase(copy.address);
  try {
    for (const each of [...copy.first, statement]) await sql.raw(each).execute(database.db);
    return await checkBooks(database.db, 1);
  } finally {
    await database.close();
    await copy.remove();
  }
}

/** Names of the promises that a report finds broken. */
export const brokenIn = ({ checks }: CheckReport): string[] =>
  checks.filter((check) => check.ok === false).map((check) => check.name);

/** One line of a query's plan; `parent` is the step that it belongs to. */
type PlanStep = { readonly id: number; readonly parent: number; readonly detail: string };

/** What a query reads once for each row of something else, by SQLite's plan. */
export async function nestedReads(books: string, query: string): Promise<string[]> {
  const database = openDatabase(books, { readonly: true });
  const plan = await sql.raw<PlanStep>(`explain query plan ${query}`).execute(database.db);
  await database.close();
  const nested = new Set<number>();
  const reads: string[] = [];
  for (const { id, parent, detail } of plan.rows) {
    if (!nested.has(parent) && !detail.startsWith('CORRELATED')) continue;
    nested.add(id);
    reads.push(detail);
  }
  return reads;
}
