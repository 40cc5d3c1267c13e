import type { Selectable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { PickupsTable } from '../../platform/database/schema/redemptions.ts';
import { statement } from '../../platform/database/statement.ts';

export type PickupRow = Selectable<PickupsTable>;

export const insertPickup = (db: Db, row: PickupRow) => db.insertInto('pickups').values(row).execute();

export const pickupById = (db: Db, redemptionId: string) =>
  db.selectFrom('pickups').selectAll().where('redemption_id', '=', redemptionId).executeTakeFirst();

/** Marks an order as ending, once. */
export const endPickup = (
  db: Db,
  p: { redemptionId: string; ending: 'cancelled' | 'expired'; at: number; by: string },
) =>
  db
    .updateTable('pickups')
    .set({ ending: p.ending, ending_at: p.at, ending_by: p.by })
    .where('redemption_id', '=', p.redemptionId)
    .where('ending', 'is', null)
    .returning('redemption_id')
    .executeTakeFirst();

export const pickupsExpiredBefore = (db: Db, before: number) =>
  db
    .selectFrom('pickups')
    .select('redemption_id')
    .where('ending', 'is', null)
    .where('expires_at', '<=', before)
    .orderBy('expires_at')
    .limit(50)
    .execute();

/** Orders of a kiosk that are being withdrawn: nothing has happened to them there, as far as anyone knows. */
export const withdrawnOfKiosk = statement((db, p: { kioskId: string }) =>
  db
    .selectFrom('redemptions')
    .innerJoin('pickups', 'pickups.redemption_id', 'redemptions.redemption_id')
    .select('pickups.redemption_id')
    .where('redemptions.kiosk_id', '=', p.kioskId)
    .where('redemptions.state', 'in', ['held', 'held_overdue'])
    .where('pickups.ending', 'is not', null)
    .orderBy('pickups.redemption_id'),
);

/** Orders of a kiosk whose code has not expired and must not open anything again. */
export const usedOfKiosk = statement((db, p: { kioskId: string; at: number }) =>
  db
    .selectFrom('pickups')
    .innerJoin('redemptions', 'redemptions.redemption_id', 'pickups.redemption_id')
    .select('pickups.redemption_id')
    .where('pickups.kiosk_id', '=', p.kioskId)
    .where('pickups.expires_at', '>', p.at)
    .where('redemptions.state', 'not in', ['held', 'held_overdue'])
    .orderBy('pickups.redemption_id'),
);
