import type { Selectable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { AccrualLinesTable, AccrualRefundsTable } from '../../platform/database/schema/earning.ts';
import type { AccrualsTable } from '../../platform/database/schema/people.ts';
import { statement } from '../../platform/database/statement.ts';

export type AccrualRow = Selectable<AccrualsTable>;
export type LineRow = Selectable<AccrualLinesTable>;
export type RefundRow = Selectable<AccrualRefundsTable>;
export type NewAccrual = Omit<AccrualRow, 'refunded_minor' | 'refunded_points'>;

/** Records a sale; no row where the merchant has used its reference before. */
export const insertAccrual = statement((db, p: NewAccrual) =>
  db
    .insertInto('accruals')
    .values({
      accrual_id: p.accrual_id,
      merchant_id: p.merchant_id,
      branch_id: p.branch_id,
      terminal_id: p.terminal_id,
      member_id: p.member_id,
      reference: p.reference,
      amount_minor: p.amount_minor,
      currency: p.currency,
      points: p.points,
      decision: p.decision,
      operator_points: p.operator_points,
      qualifying_points: p.qualifying_points,
      sold_at: p.sold_at,
      content: p.content,
      created_at: p.created_at,
    })
    .onConflict((conflict) => conflict.columns(['merchant_id', 'reference']).doNothing())
    .returning('accrual_id'),
);

export const insertLine = statement((db, p: Omit<LineRow, 'refunded_minor' | 'refunded_points'>) =>
  db.insertInto('accrual_lines').values({
    accrual_id: p.accrual_id,
    line: p.line,
    product: p.product,
    category: p.category,
    amount_minor: p.amount_minor,
    points: p.points,
  }),
);

/** The sale that a merchant recorded under a reference. */
export const accrualByReference = statement((db, p: { merchantId: string; reference: string }) =>
  db.selectFrom('accruals').selectAll().where('merchant_id', '=', p.merchantId).where('reference', '=', p.reference),
);

export const accrualById = statement((db, p: { accrualId: string }) =>
  db.selectFrom('accruals').selectAll().where('accrual_id', '=', p.accrualId),
);

export const linesOf = statement((db, p: { accrualId: string }) =>
  db.selectFrom('accrual_lines').selectAll().where('accrual_id', '=', p.accrualId).orderBy('line'),
);

/** What a member bought since a moment, ms since the epoch, as far as tiers ask. */
export const salesOfMember = (db: Db, memberId: string, since: number) =>
  db
    .selectFrom('accruals')
    .select(['accrual_id', 'sold_at', 'points', 'refunded_points', 'qualifying_points', 'decision'])
    .where('member_id', '=', memberId)
    .where('sold_at', '>=', since)
    .orderBy('accrual_id')
    .execute();

/** Sales by their ids, in no order. */
export const accrualsByIds = (db: Db, ids: readonly string[]) =>
  db.selectFrom('accruals').selectAll().where('accrual_id', 'in', ids).execute();

/** One more than `limit` sales before an id, newest first. */
export function listAccruals(
  db: Db,
  page: {
    limit: number;
    before?: string;
    merchantId?: string | undefined;
    memberId?: string | undefined;
    reference?: string | undefined;
  },
) {
  let query = db
    .selectFrom('accruals')
    .selectAll()
    .orderBy('accrual_id', 'desc')
    .limit(page.limit + 1);
  if (page.before !== undefined) query = query.where('accrual_id', '<', page.before);
  if (page.merchantId !== undefined) query = query.where('merchant_id', '=', page.merchantId);
  if (page.memberId !== undefined) query = query.where('member_id', '=', page.memberId);
  if (page.reference !== undefined) query = query.where('reference', '=', page.reference);
  return query.execute();
}

/** Counts goods of a sale as given back, only as far as it goes; no row where that is too much. */
export const refundOfSale = statement((db, p: { accrualId: string; amountMinor: number; points: number }) =>
  db
    .updateTable('accruals')
    .set((eb) => ({
      refunded_minor: eb('refunded_minor', '+', p.amountMinor),
      refunded_points: eb('refunded_points', '+', p.points),
    }))
    .where('accrual_id', '=', p.accrualId)
    .where((eb) => eb(eb('refunded_minor', '+', p.amountMinor), '<=', eb.fn.coalesce('amount_minor', eb.lit(0))))
    .where((eb) => eb(eb('refunded_points', '+', p.points), '<=', eb.ref('points')))
    .returning('accrual_id'),
);

/** The same for one of its lines. */
export const refundOfLine = statement(
  (db, p: { accrualId: string; line: number; amountMinor: number; points: number }) =>
    db
      .updateTable('accrual_lines')
      .set((eb) => ({
        refunded_minor: eb('refunded_minor', '+', p.amountMinor),
        refunded_points: eb('refunded_points', '+', p.points),
      }))
      .where('accrual_id', '=', p.accrualId)
      .where('line', '=', p.line)
      .where((eb) => eb(eb('refunded_minor', '+', p.amountMinor), '<=', eb.ref('amount_minor')))
      .where((eb) => eb(eb('refunded_points', '+', p.points), '<=', eb.ref('points')))
      .returning('line'),
);

/** Records a refund; undefined where its reference was used for this sale before. */
export const insertRefund = (db: Db, row: RefundRow) =>
  db
    .insertInto('accrual_refunds')
    .values(row)
    .onConflict((conflict) => conflict.columns(['accrual_id', 'reference']).doNothing())
    .returning('refund_id')
    .executeTakeFirst();

export const refundByReference = (db: Db, accrualId: string, reference: string) =>
  db
    .selectFrom('accrual_refunds')
    .selectAll()
    .where('accrual_id', '=', accrualId)
    .where('reference', '=', reference)
    .executeTakeFirst();

/** Every refund of a sale, the oldest first. */
export const refundsOf = (db: Db, accrualId: string) =>
  db.selectFrom('accrual_refunds').selectAll().where('accrual_id', '=', accrualId).orderBy('refund_id').execute();
