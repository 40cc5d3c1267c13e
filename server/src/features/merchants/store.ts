import type { Insertable, Updateable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type {
  BranchesTable,
  IndustriesTable,
  MerchantsTable,
  TerminalsTable,
} from '../../platform/database/schema/people.ts';
import { statement } from '../../platform/database/statement.ts';
import { dateOf, type MerchantState } from './contract.ts';

/** A merchant by id; on the path of every accrual. */
export const merchantById = statement((db, p: { merchantId: string }) =>
  db.selectFrom('merchants').selectAll().where('merchant_id', '=', p.merchantId),
);

/** A terminal by id; on the path of every request of a terminal. */
export const terminalById = statement((db, p: { terminalId: string }) =>
  db.selectFrom('terminals').selectAll().where('terminal_id', '=', p.terminalId),
);

export const insertIndustry = (db: Db, row: Insertable<IndustriesTable>) =>
  db.insertInto('industries').values(row).execute();
export const allIndustries = (db: Db) =>
  db.selectFrom('industries').selectAll().orderBy('industry_id').limit(1000).execute();
export const industryExists = async (db: Db, id: string): Promise<boolean> =>
  (await db.selectFrom('industries').select('industry_id').where('industry_id', '=', id).executeTakeFirst()) !==
  undefined;

export const insertMerchant = (db: Db, row: Insertable<MerchantsTable>) =>
  db.insertInto('merchants').values(row).returningAll().executeTakeFirstOrThrow();

/** One more than `limit` merchants after an id, in the order in which they applied. */
export function listMerchants(db: Db, page: { limit: number; after?: string; state?: MerchantState | undefined }) {
  let query = db
    .selectFrom('merchants')
    .selectAll()
    .orderBy('merchant_id')
    .limit(page.limit + 1);
  if (page.after !== undefined) query = query.where('merchant_id', '>', page.after);
  if (page.state !== undefined) query = query.where('state', '=', page.state);
  return query.execute();
}

export const updateMerchant = (db: Db, merchantId: string, change: Updateable<MerchantsTable>) =>
  db.updateTable('merchants').set(change).where('merchant_id', '=', merchantId).returningAll().executeTakeFirst();

/** Moves a contract; undefined where it has left `from` meanwhile. */
export const moveMerchant = (
  db: Db,
  move: { merchantId: string; from: MerchantState; to: MerchantState; at: number },
) =>
  db
    .updateTable('merchants')
    .set({ state: move.to, [dateOf[move.to]]: move.at })
    .where('merchant_id', '=', move.merchantId)
    .where('state', '=', move.from)
    .returningAll()
    .executeTakeFirst();

export const insertBranch = (db: Db, row: Insertable<BranchesTable>) =>
  db.insertInto('branches').values(row).returningAll().executeTakeFirstOrThrow();
export const branchesOf = (db: Db, merchantId: string) =>
  db
    .selectFrom('branches')
    .selectAll()
    .where('merchant_id', '=', merchantId)
    .orderBy('branch_id')
    .limit(1000)
    .execute();
export const branchById = (db: Db, branchId: string) =>
  db.selectFrom('branches').selectAll().where('branch_id', '=', branchId).executeTakeFirst();

export const insertTerminal = (db: Db, row: Insertable<TerminalsTable>) =>
  db.insertInto('terminals').values(row).execute();
export const terminalsOf = (db: Db, merchantId: string) =>
  db
    .selectFrom('terminals')
    .selectAll()
    .where('merchant_id', '=', merchantId)
    .orderBy('terminal_id')
    .limit(1000)
    .execute();
export const revokeTerminalRow = (db: Db, terminalId: string) =>
  db
    .updateTable('terminals')
    .set({ state: 'revoked' })
    .where('terminal_id', '=', terminalId)
    .returningAll()
    .executeTakeFirst();
