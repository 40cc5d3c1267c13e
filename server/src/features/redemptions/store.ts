import { sql, type Insertable, type Selectable } from 'kysely';
import type { BookState } from '@tessera/shared/redemption/books';
import type { Db } from '../../platform/database/database.ts';
import type {
  DiscrepanciesTable,
  RedemptionEventsTable,
  RedemptionsTable,
} from '../../platform/database/schema/redemptions.ts';
import { statement } from '../../platform/database/statement.ts';

export type RedemptionRow = Selectable<RedemptionsTable>;

/** States in which points are held and a unit is reserved. */
const OPEN: readonly BookState[] = ['held', 'held_overdue', 'vending', 'vending_overdue', 'in_doubt'];

export const redemptionById = statement((db, p: { redemptionId: string }) =>
  db.selectFrom('redemptions').selectAll().where('redemption_id', '=', p.redemptionId),
);

export const insertRedemption = statement((db, p: RedemptionRow) =>
  db.insertInto('redemptions').values({
    redemption_id: p.redemption_id,
    kind: p.kind,
    kiosk_id: p.kiosk_id,
    slot: p.slot,
    reward_id: p.reward_id,
    member_id: p.member_id,
    session_id: p.session_id,
    price: p.price,
    state: p.state,
    problem: p.problem,
    grant_text: p.grant_text,
    overdue_at: p.overdue_at,
    overdue_since: p.overdue_since,
    outcome: p.outcome,
    evidence: p.evidence,
    decided_by: p.decided_by,
    extra_drops: p.extra_drops,
    corrections: p.corrections,
    events: p.events,
    created_at: p.created_at,
    updated_at: p.updated_at,
    ended_at: p.ended_at,
  }),
);

/** Writes what may change, only if the state is still the one that was read. */
export const updateRedemption = statement((db, p: RedemptionRow & { from: BookState }) =>
  db
    .updateTable('redemptions')
    .set({
      slot: p.slot,
      state: p.state,
      overdue_at: p.overdue_at,
      overdue_since: p.overdue_since,
      outcome: p.outcome,
      evidence: p.evidence,
      decided_by: p.decided_by,
      extra_drops: p.extra_drops,
      corrections: p.corrections,
      events: p.events,
      updated_at: p.updated_at,
      ended_at: p.ended_at,
    })
    .where('redemption_id', '=', p.redemption_id)
    .where('state', '=', p.from)
    .returning('redemption_id'),
);

export const insertEvent = statement((db, p: Selectable<RedemptionEventsTable>) =>
  db.insertInto('redemption_events').values({
    redemption_id: p.redemption_id,
    seq: p.seq,
    at: p.at,
    event: p.event,
    from_state: p.from_state,
    to_state: p.to_state,
    actor: p.actor,
    detail: p.detail,
  }),
);

export const eventsOf = (db: Db, redemptionId: string) =>
  db.selectFrom('redemption_events').selectAll().where('redemption_id', '=', redemptionId).orderBy('seq').execute();

export const openOfKiosk = (db: Db, kioskId: string) =>
  db
    .selectFrom('redemptions')
    .selectAll()
    .where('kiosk_id', '=', kioskId)
    .where('state', 'in', OPEN)
    .orderBy('redemption_id')
    .execute();

export const inDoubtOnSlot = (db: Db, kioskId: string, slot: number) =>
  db
    .selectFrom('redemptions')
    .selectAll()
    .where('kiosk_id', '=', kioskId)
    .where('slot', '=', slot)
    .where('state', '=', 'in_doubt')
    .orderBy('redemption_id')
    .execute();

/** Orders of a gift in doubt whose kiosk has never said which slot turned for them: it may have come from any that holds it. */
export const inDoubtOnSomeSlot = (db: Db, kioskId: string, slot: number, rewardId: string | null) =>
  db
    .selectFrom('redemptions as r')
    .select('r.redemption_id')
    .where('r.kiosk_id', '=', kioskId)
    .where((eb) => eb.or([eb('r.slot', '=', slot), eb('r.reward_id', '=', rewardId)]))
    .where('r.state', '=', 'in_doubt')
    .where('r.kind', '=', 'pickup')
    .where('r.outcome', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('redemption_events as e')
            .select('e.seq')
            .whereRef('e.redemption_id', '=', 'r.redemption_id')
            .where('e.event', '=', 'vending'),
        ),
      ),
    )
    .limit(sql.lit(1))
    .execute();

export const silent = statement((db, p: { at: number }) =>
  db.selectFrom('redemptions').selectAll().where('overdue_at', '<=', p.at).orderBy('overdue_at').limit(sql.lit(50)),
);

export const overdueSince = statement((db, p: { before: number }) =>
  db
    .selectFrom('redemptions')
    .selectAll()
    .where('overdue_since', '<=', p.before)
    .orderBy('overdue_since')
    .limit(sql.lit(50)),
);

export interface RedemptionFilter {
  readonly state?: BookState;
  readonly kioskId?: string;
  readonly memberId?: string;
  readonly kind?: 'walk_up' | 'pickup';
  readonly before?: string;
  readonly limit: number;
}

export const listRedemptions = (db: Db, filter: RedemptionFilter) => {
  let query = db.selectFrom('redemptions').selectAll().orderBy('redemption_id', 'desc').limit(filter.limit);
  if (filter.state !== undefined) query = query.where('state', '=', filter.state);
  if (filter.kioskId !== undefined) query = query.where('kiosk_id', '=', filter.kioskId);
  if (filter.memberId !== undefined) query = query.where('member_id', '=', filter.memberId);
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind);
  if (filter.before !== undefined) query = query.where('redemption_id', '<', filter.before);
  return query.execute();
};

/** Counts one more use of a reward by a member, only below the limit; no row means the limit is reached. */
export const useReward = statement((db, p: { memberId: string; rewardId: string; limit: number }) =>
  db
    .insertInto('reward_uses')
    .values({ member_id: p.memberId, reward_id: p.rewardId, taken: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['member_id', 'reward_id'])
        .doUpdateSet((eb) => ({ taken: eb('reward_uses.taken', '+', 1) }))
        .where('reward_uses.taken', '<', p.limit),
    )
    .returning('taken'),
);

export const giveBackUse = statement((db, p: { memberId: string; rewardId: string }) =>
  db
    .updateTable('reward_uses')
    .set((eb) => ({ taken: eb('taken', '-', 1) }))
    .where('member_id', '=', p.memberId)
    .where('reward_id', '=', p.rewardId),
);

export const usesOf = statement((db, p: { memberId: string }) =>
  db.selectFrom('reward_uses').select(['reward_id', 'taken']).where('member_id', '=', p.memberId),
);

export const insertDiscrepancy = (db: Db, row: Insertable<DiscrepanciesTable>) =>
  db
    .insertInto('discrepancies')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
