import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { PointAdjustmentsTable } from '../../platform/database/schema/ledger.ts';

export type AdjustmentRow = Selectable<PointAdjustmentsTable>;

export const insertAdjustment = (db: Db, row: Insertable<PointAdjustmentsTable>) =>
  db.insertInto('point_adjustments').values(row).returningAll().executeTakeFirstOrThrow();

export const adjustmentById = (db: Db, memberId: string, adjustmentId: string) =>
  db
    .selectFrom('point_adjustments')
    .selectAll()
    .where('member_id', '=', memberId)
    .where('adjustment_id', '=', adjustmentId)
    .executeTakeFirst();

type Decision = Pick<AdjustmentRow, 'state' | 'decided_by' | 'decided_at' | 'transaction_id'>;

/** Ends a proposal, once. */
export const decideAdjustment = (db: Db, row: AdjustmentRow, decision: Decision) =>
  db
    .updateTable('point_adjustments')
    .set(decision)
    .where('member_id', '=', row.member_id)
    .where('adjustment_id', '=', row.adjustment_id)
    .where('state', '=', 'proposed')
    .returningAll()
    .executeTakeFirst();

/** One more than `limit` adjustments before an id, newest first. */
export function listAdjustments(
  db: Db,
  page: {
    limit: number;
    before?: string;
    memberId?: string | undefined;
    state?: AdjustmentRow['state'] | undefined;
  },
) {
  let query = db
    .selectFrom('point_adjustments')
    .selectAll()
    .orderBy('adjustment_id', 'desc')
    .limit(page.limit + 1);
  if (page.before !== undefined) query = query.where('adjustment_id', '<', page.before);
  if (page.memberId !== undefined) query = query.where('member_id', '=', page.memberId);
  if (page.state !== undefined) query = query.where('state', '=', page.state);
  return query.execute();
}
