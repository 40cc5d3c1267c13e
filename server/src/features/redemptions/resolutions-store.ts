import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { DiscrepanciesTable, ResolutionsTable } from '../../platform/database/schema/redemptions.ts';

export type ResolutionRow = Selectable<ResolutionsTable>;
export type DiscrepancyRow = Selectable<DiscrepanciesTable>;

export const insertResolution = (db: Db, row: Insertable<ResolutionsTable>) =>
  db.insertInto('resolutions').values(row).execute();

export const resolutionById = (db: Db, resolutionId: string) =>
  db.selectFrom('resolutions').selectAll().where('resolution_id', '=', resolutionId).executeTakeFirst();

export const resolutionsOf = (db: Db, redemptionId: string) =>
  db.selectFrom('resolutions').selectAll().where('redemption_id', '=', redemptionId).orderBy('resolution_id').execute();

/** Confirms a proposal, once. */
export const confirmResolution = (db: Db, resolutionId: string, by: string, at: number) =>
  db
    .updateTable('resolutions')
    .set({ state: 'confirmed', confirmed_by: by, confirmed_at: at })
    .where('resolution_id', '=', resolutionId)
    .where('state', '=', 'proposed')
    .returning('resolution_id')
    .executeTakeFirst();

/** Other proposals for the same question mean nothing any more. */
export const overtakeOthers = (db: Db, row: Pick<ResolutionRow, 'redemption_id' | 'discrepancy_id'>) =>
  db
    .updateTable('resolutions')
    .set({ state: 'overtaken' })
    .where('redemption_id', '=', row.redemption_id)
    .where('discrepancy_id', row.discrepancy_id === null ? 'is' : '=', row.discrepancy_id)
    .where('state', '=', 'proposed')
    .execute();

export const discrepancyById = (db: Db, discrepancyId: string) =>
  db.selectFrom('discrepancies').selectAll().where('discrepancy_id', '=', discrepancyId).executeTakeFirst();

export const closeDiscrepancy = (db: Db, discrepancyId: string, at: number) =>
  db
    .updateTable('discrepancies')
    .set({ state: 'closed', closed_at: at })
    .where('discrepancy_id', '=', discrepancyId)
    .where('state', '=', 'open')
    .returning('discrepancy_id')
    .executeTakeFirst();

export const listDiscrepancies = (db: Db, filter: { before?: string; state?: 'open' | 'closed'; limit: number }) => {
  let query = db.selectFrom('discrepancies').selectAll().orderBy('discrepancy_id', 'desc').limit(filter.limit);
  if (filter.state !== undefined) query = query.where('state', '=', filter.state);
  if (filter.before !== undefined) query = query.where('discrepancy_id', '<', filter.before);
  return query.execute();
};
