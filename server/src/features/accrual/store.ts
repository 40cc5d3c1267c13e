import type { Selectable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { AccrualLinesTable } from '../../platform/database/schema/earning.ts';
import type { AccrualsTable } from '../../platform/database/schema/people.ts';
import { statement } from '../../platform/database/statement.ts';

export type AccrualRow = Selectable<AccrualsTable>;
export type LineRow = Selectable<AccrualLinesTable>;

/** Records a sale; no row where the merchant has used its reference before. */
export const insertAccrual = statement((db, p: AccrualRow) =>
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
      sold_at: p.sold_at,
      content: p.content,
      created_at: p.created_at,
    })
    .onConflict((conflict) => conflict.columns(['merchant_id', 'reference']).doNothing())
    .returning('accrual_id'),
);

export const insertLine = statement((db, p: LineRow) =>
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
