import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { AccrualsTable } from '../../platform/database/schema/people.ts';

export type AccrualRow = Selectable<AccrualsTable>;

/** Records a sale; undefined where the merchant has used its reference before. */
export const insertAccrual = (db: Db, row: Insertable<AccrualsTable>) =>
  db
    .insertInto('accruals')
    .values(row)
    .onConflict((conflict) => conflict.columns(['merchant_id', 'reference']).doNothing())
    .returningAll()
    .executeTakeFirst();

export const setTransaction = (db: Db, accrualId: string, transactionId: string) =>
  db.updateTable('accruals').set({ transaction_id: transactionId }).where('accrual_id', '=', accrualId).execute();

/** Sales by their ids, in no order. */
export const accrualsByIds = (db: Db, ids: readonly string[]) =>
  db.selectFrom('accruals').selectAll().where('accrual_id', 'in', ids).execute();

/** One more than `limit` sales before an id, newest first. */
export function listAccruals(
  db: Db,
  page: { limit: number; before?: string; merchantId?: string | undefined; memberId?: string | undefined },
) {
  let query = db
    .selectFrom('accruals')
    .selectAll()
    .orderBy('accrual_id', 'desc')
    .limit(page.limit + 1);
  if (page.before !== undefined) query = query.where('accrual_id', '<', page.before);
  if (page.merchantId !== undefined) query = query.where('merchant_id', '=', page.merchantId);
  if (page.memberId !== undefined) query = query.where('member_id', '=', page.memberId);
  return query.execute();
}
