import { sql, type Insertable, type Selectable, type Updateable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type {
  KioskSlotsTable,
  PlanogramVersionsTable,
  StockCountsTable,
  StockMovementsTable,
  VariancesTable,
} from '../../platform/database/schema/kiosks.ts';
import { statement } from '../../platform/database/statement.ts';

export type SlotRow = Selectable<KioskSlotsTable>;
export interface SlotKey {
  readonly kioskId: string;
  readonly slot: number;
}

export const slotsOfKiosk = statement((db, p: { kioskId: string }) =>
  db.selectFrom('kiosk_slots').selectAll().where('kiosk_id', '=', p.kioskId).orderBy('slot'),
);

export const slotByKey = statement((db, p: SlotKey) =>
  db.selectFrom('kiosk_slots').selectAll().where('kiosk_id', '=', p.kioskId).where('slot', '=', p.slot),
);

export const insertSlot = (db: Db, row: Insertable<KioskSlotsTable>) =>
  db.insertInto('kiosk_slots').values(row).execute();

export const updateSlot = (db: Db, key: SlotKey, change: Updateable<KioskSlotsTable>) =>
  db.updateTable('kiosk_slots').set(change).where('kiosk_id', '=', key.kioskId).where('slot', '=', key.slot).execute();

/** Reserves one unit, only if the slot serves this reward and has one that nobody holds. */
export const reserveUnit = statement((db, p: SlotKey & { rewardId: string }) =>
  db
    .updateTable('kiosk_slots')
    .set((eb) => ({ reserved: eb('reserved', '+', 1) }))
    .where('kiosk_id', '=', p.kioskId)
    .where('slot', '=', p.slot)
    .where('reward_id', '=', p.rewardId)
    .where('in_service', '=', 1)
    .whereRef('on_hand', '>', 'reserved')
    .returning('reserved'),
);

/** Moves the three numbers of a slot; its CHECKs refuse what cannot be. */
export const moveUnits = statement((db, p: SlotKey & { onHand: number; reserved: number; inDoubt: number }) =>
  db
    .updateTable('kiosk_slots')
    .set((eb) => ({
      on_hand: eb('on_hand', '+', p.onHand),
      reserved: eb('reserved', '+', p.reserved),
      in_doubt: eb('in_doubt', '+', p.inDoubt),
    }))
    .where('kiosk_id', '=', p.kioskId)
    .where('slot', '=', p.slot)
    .returningAll(),
);

/** One unit fell out of the slot that it was reserved in; no row where the books say that there is none. */
export const dropReserved = statement((db, p: SlotKey & { inDoubt: number }) =>
  db
    .updateTable('kiosk_slots')
    .set((eb) => ({
      on_hand: eb('on_hand', '-', 1),
      reserved: eb('reserved', '-', 1),
      in_doubt: eb('in_doubt', '+', p.inDoubt),
    }))
    .where('kiosk_id', '=', p.kioskId)
    .where('slot', '=', p.slot)
    .where('on_hand', '>', 0)
    .returningAll(),
);

/** Takes a slot out of service; the first reason stays. */
export const closeSlot = statement((db, p: SlotKey & { reason: string }) =>
  db
    .updateTable('kiosk_slots')
    .set({ in_service: 0, out_reason: p.reason })
    .where('kiosk_id', '=', p.kioskId)
    .where('slot', '=', p.slot)
    .where('in_service', '=', 1),
);

export const insertMovement = statement((db, p: Omit<Selectable<StockMovementsTable>, 'movement_id'>) =>
  db
    .insertInto('stock_movements')
    .values({
      kiosk_id: p.kiosk_id,
      slot: p.slot,
      reward_id: p.reward_id,
      kind: p.kind,
      change: p.change,
      on_hand_after: p.on_hand_after,
      redemption_id: p.redemption_id,
      reason: p.reason,
      actor: p.actor,
      at: p.at,
    })
    .returning('movement_id'),
);

export const movements = (
  db: Db,
  filter: { kioskId?: string; slot?: number; before?: number; limit: number },
): Promise<Selectable<StockMovementsTable>[]> => {
  let query = db.selectFrom('stock_movements').selectAll().orderBy('movement_id', 'desc').limit(filter.limit);
  if (filter.kioskId !== undefined) query = query.where('kiosk_id', '=', filter.kioskId);
  if (filter.slot !== undefined) query = query.where('slot', '=', filter.slot);
  if (filter.before !== undefined) query = query.where('movement_id', '<', filter.before);
  return query.execute();
};

export const insertVariance = (db: Db, row: Insertable<VariancesTable>) =>
  db
    .insertInto('variances')
    .values(row)
    .onConflict((conflict) => conflict.column('event_id').doNothing())
    .returning('variance_seq')
    .executeTakeFirst();

export const variances = (
  db: Db,
  filter: { kioskId?: string; before?: number; limit: number },
): Promise<Selectable<VariancesTable>[]> => {
  let query = db.selectFrom('variances').selectAll().orderBy('variance_seq', 'desc').limit(filter.limit);
  if (filter.kioskId !== undefined) query = query.where('kiosk_id', '=', filter.kioskId);
  if (filter.before !== undefined) query = query.where('variance_seq', '<', filter.before);
  return query.execute();
};

export const extraDropReports = async (db: Db, redemptionId: string): Promise<number> => {
  const rows = await db
    .selectFrom('variances')
    .select('variance_seq')
    .where('redemption_id', '=', redemptionId)
    .where('kind', '=', 'extra_drop')
    .execute();
  return rows.length;
};

/** The last blind count that settled something: it is what later events are compared with. */
export const lastConclusiveCount = (db: Db, key: SlotKey) =>
  db
    .selectFrom('stock_counts')
    .selectAll()
    .where('kiosk_id', '=', key.kioskId)
    .where('slot', '=', key.slot)
    .where('verdict', '<>', 'not_conclusive')
    .orderBy('movement_id', 'desc')
    .limit(sql.lit(1))
    .executeTakeFirst();

/** The newest event after `seq` that makes a count prove nothing: a variance, the door, a stray drop. */
export const disturbanceSince = (db: Db, key: SlotKey, seq: number) =>
  db
    .selectFrom('variances')
    .selectAll()
    .where('kiosk_id', '=', key.kioskId)
    .where('variance_seq', '>', seq)
    .where('kind', '<>', 'slot_out_of_service')
    .where((eb) => eb.or([eb('slot', '=', key.slot), eb('slot', 'is', null)]))
    .orderBy('variance_seq', 'desc')
    .limit(sql.lit(1))
    .executeTakeFirst();

export const lastVarianceSeq = async (db: Db): Promise<number> => {
  const row = await db
    .selectFrom('variances')
    .select((eb) => eb.fn.max('variance_seq').as('seq'))
    .executeTakeFirst();
  return row?.seq ?? 0;
};

export const insertCount = (db: Db, row: Insertable<StockCountsTable>) =>
  db.insertInto('stock_counts').values(row).execute();

export const insertPlanogram = (db: Db, row: Insertable<PlanogramVersionsTable>) =>
  db.insertInto('planogram_versions').values(row).execute();

export const rewardById = statement((db, p: { rewardId: string }) =>
  db.selectFrom('rewards').select('reward_id').where('reward_id', '=', p.rewardId),
);

export const kiosksWithReward = (db: Db, rewardId: string) =>
  db.selectFrom('kiosk_slots').select('kiosk_id').distinct().where('reward_id', '=', rewardId).execute();
