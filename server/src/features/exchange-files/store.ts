import type { Selectable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { ImportRefusalsTable, ImportsTable } from '../../platform/database/schema/exchange-files.ts';
import { statement } from '../../platform/database/statement.ts';

export type ImportRow = Selectable<ImportsTable>;
export type RefusalRow = Selectable<ImportRefusalsTable>;

export const insertImport = (db: Db, row: ImportRow) => db.insertInto('imports').values(row).execute();

export const importById = (db: Db, importId: string) =>
  db.selectFrom('imports').selectAll().where('import_id', '=', importId).executeTakeFirst();

/** One more than `limit` imports before an id, newest first. */
export function listImports(db: Db, page: { limit: number; before?: string }) {
  let query = db
    .selectFrom('imports')
    .selectAll()
    .orderBy('import_id', 'desc')
    .limit(page.limit + 1);
  if (page.before !== undefined) query = query.where('import_id', '<', page.before);
  return query.execute();
}

/** Counts a piece as dealt with; undefined where it has been already. */
export const moveImport = (
  db: Db,
  row: ImportRow,
  by: { lines: number; taken: number; repeated: number; refused: number },
) =>
  db
    .updateTable('imports')
    .set((eb) => ({
      lines: eb('lines', '+', by.lines),
      taken: eb('taken', '+', by.taken),
      repeated: eb('repeated', '+', by.repeated),
      refused: eb('refused', '+', by.refused),
    }))
    .where('import_id', '=', row.import_id)
    .where('lines', '=', row.lines)
    .where('state', '=', 'open')
    .returningAll()
    .executeTakeFirst();

export const endImport = (db: Db, importId: string, at: number) =>
  db
    .updateTable('imports')
    .set({ state: 'ended', ended_at: at })
    .where('import_id', '=', importId)
    .where('state', '=', 'open')
    .returningAll()
    .executeTakeFirst();

export const insertRefusal = statement((db, p: RefusalRow) =>
  db.insertInto('import_refusals').values({ import_id: p.import_id, line: p.line, code: p.code, problem: p.problem }),
);

/** One more than `limit` refused lines after a line. */
export const refusalsAfter = (db: Db, importId: string, after: number, limit: number) =>
  db
    .selectFrom('import_refusals')
    .selectAll()
    .where('import_id', '=', importId)
    .where('line', '>', after)
    .orderBy('line')
    .limit(limit + 1)
    .execute();
