import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { PaymentRefundsTable, PaymentsTable } from '../../platform/database/schema/payments.ts';

export type PaymentRow = Selectable<PaymentsTable>;
export type RefundRow = Selectable<PaymentRefundsTable>;

/** Records a payment; undefined where the merchant has used its reference before. */
export const insertPayment = (db: Db, row: Insertable<PaymentsTable>) =>
  db
    .insertInto('payments')
    .values(row)
    .onConflict((conflict) => conflict.columns(['merchant_id', 'reference']).doNothing())
    .returningAll()
    .executeTakeFirst();

export const paymentById = (db: Db, paymentId: string) =>
  db.selectFrom('payments').selectAll().where('payment_id', '=', paymentId).executeTakeFirst();

type PaymentStep = Pick<PaymentRow, 'state' | 'captured' | 'lines'>;

/** Moves a held payment on; undefined where it is not held any more. */
export const endHold = (db: Db, paymentId: string, step: PaymentStep, at: number) =>
  db
    .updateTable('payments')
    .set({ ...step, updated_at: at })
    .where('payment_id', '=', paymentId)
    .where('state', '=', 'held')
    .returningAll()
    .executeTakeFirst();

/** Counts what comes back, only as far as it was captured; undefined where it would be more. */
export const countReturned = (db: Db, paymentId: string, points: number, at: number) =>
  db
    .updateTable('payments')
    .set((eb) => ({ returned: eb('returned', '+', points), updated_at: at }))
    .where('payment_id', '=', paymentId)
    .where('state', '=', 'captured')
    .where((eb) => eb(eb('returned', '+', points), '<=', eb.ref('captured')))
    .returningAll()
    .executeTakeFirst();

/** Records a refund; undefined where this line has come back before. */
export const insertRefund = (db: Db, row: RefundRow) =>
  db
    .insertInto('payment_refunds')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning('refund_id')
    .executeTakeFirst();

export const refundsOf = (db: Db, paymentId: string) =>
  db.selectFrom('payment_refunds').selectAll().where('payment_id', '=', paymentId).orderBy('refund_id').execute();

export const staleHolds = (db: Db, at: number, limit: number) =>
  db
    .selectFrom('payments')
    .select('payment_id')
    .where('state', '=', 'held')
    .where('expires_at', '<=', at)
    .orderBy('expires_at')
    .limit(limit)
    .execute();

/** One more than `limit` payments before an id, newest first. */
export function listPayments(
  db: Db,
  page: { limit: number; before?: string; merchantId?: string | undefined; memberId?: string | undefined },
) {
  let query = db
    .selectFrom('payments')
    .selectAll()
    .orderBy('payment_id', 'desc')
    .limit(page.limit + 1);
  if (page.before !== undefined) query = query.where('payment_id', '<', page.before);
  if (page.merchantId !== undefined) query = query.where('merchant_id', '=', page.merchantId);
  if (page.memberId !== undefined) query = query.where('member_id', '=', page.memberId);
  return query.execute();
}
