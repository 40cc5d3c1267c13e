import type { Selectable, Updateable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type {
  SettlementNetsTable,
  SettlementRunsTable,
  SettlementState,
} from '../../platform/database/schema/settlement.ts';

export type RunRow = Selectable<SettlementRunsTable>;
export type NetRow = Selectable<SettlementNetsTable>;
export type NetKey = Pick<NetRow, 'run_id' | 'party' | 'currency'>;

export const insertRun = (db: Db, row: RunRow) =>
  db.insertInto('settlement_runs').values(row).returningAll().executeTakeFirstOrThrow();

export const runById = (db: Db, runId: string) =>
  db.selectFrom('settlement_runs').selectAll().where('run_id', '=', runId).executeTakeFirst();

export const lastRun = (db: Db) =>
  db.selectFrom('settlement_runs').selectAll().orderBy('number', 'desc').limit(1).executeTakeFirst();

export const runUnderway = (db: Db) =>
  db.selectFrom('settlement_runs').selectAll().where('underway', '=', 1).executeTakeFirst();

/** Moves a run; undefined where it has left `from` meanwhile. */
export const moveRun = (db: Db, runId: string, from: SettlementState, change: Updateable<SettlementRunsTable>) =>
  db
    .updateTable('settlement_runs')
    .set(change)
    .where('run_id', '=', runId)
    .where('state', '=', from)
    .returningAll()
    .executeTakeFirst();

/** One more than `limit` runs before a number, newest first. */
export function listRuns(db: Db, page: { limit: number; before: number | undefined }) {
  let query = db
    .selectFrom('settlement_runs')
    .selectAll()
    .orderBy('number', 'desc')
    .limit(page.limit + 1);
  if (page.before !== undefined) query = query.where('number', '<', page.before);
  return query.execute();
}

export const insertNets = (db: Db, rows: readonly NetRow[]) => db.insertInto('settlement_nets').values(rows).execute();

/** A run that is calculated anew forgets what it had calculated. */
export const forgetNets = (db: Db, runId: string) =>
  db.deleteFrom('settlement_nets').where('run_id', '=', runId).execute();

export const netsOf = (db: Db, runId: string) =>
  db
    .selectFrom('settlement_nets')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('party')
    .orderBy('currency')
    .execute();

export const netByKey = (db: Db, key: NetKey) =>
  db
    .selectFrom('settlement_nets')
    .selectAll()
    .where('run_id', '=', key.run_id)
    .where('party', '=', key.party)
    .where('currency', '=', key.currency)
    .executeTakeFirst();

export const updateNet = (db: Db, key: NetKey, change: Updateable<SettlementNetsTable>) =>
  db
    .updateTable('settlement_nets')
    .set(change)
    .where('run_id', '=', key.run_id)
    .where('party', '=', key.party)
    .where('currency', '=', key.currency)
    .returningAll()
    .executeTakeFirstOrThrow();

/** The newest posting before a time and above another; undefined where there is none. */
export const newestBefore = async (db: Db, above: number, until: number): Promise<number | undefined> =>
  (
    await db
      .selectFrom('money_postings')
      .select('posting_id')
      .where('posting_id', '>', above)
      .where('at', '<', until)
      .orderBy('posting_id', 'desc')
      .limit(1)
      .executeTakeFirst()
  )?.posting_id;
