import { sql, type Selectable } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { PointLotsTable } from '../../../platform/database/schema/ledger.ts';
import { statement } from '../../../platform/database/statement.ts';

export type LotRow = Selectable<PointLotsTable>;

export const insertLot = statement((db, p: LotRow) =>
  db.insertInto('point_lots').values({
    member_id: p.member_id,
    lot_id: p.lot_id,
    issuer: p.issuer,
    rule: p.rule,
    accrual_id: p.accrual_id,
    earned_at: p.earned_at,
    expires_at: p.expires_at,
    idle_ms: p.idle_ms,
    points: p.points,
    remaining: p.remaining,
    pending: p.pending,
    vest_at: p.vest_at,
    vest_on: p.vest_on,
    origin_lot_id: p.origin_lot_id,
    transaction_id: p.transaction_id,
  }),
);

const inBurningOrder = (db: Db, p: { memberId: string; at: number }) =>
  db
    .selectFrom('point_lots')
    .select(['lot_id', 'remaining', 'issuer'])
    .where('member_id', '=', p.memberId)
    // A literal, so that SQLite sees that the index on living lots fits.
    .where((eb) => eb('remaining', '>', eb.lit(0)))
    .where('expires_at', '>', p.at)
    .orderBy('expires_at')
    .orderBy('earned_at')
    .orderBy('lot_id');

/** Nearly every burn is covered by the first lots; a faithful member has thousands. */
const FIRST_LOTS = 4;
const firstLots = statement((db, p: { memberId: string; at: number }) =>
  inBurningOrder(db, p).limit(sql.lit(FIRST_LOTS)),
);
const allLots = statement((db, p: { memberId: string; at: number }) => inBurningOrder(db, p));

/** Lots that may be burnt at a time, in the order in which they are (earliest expiry, then earliest earned), until they cover some points. */
export async function burnableLots(db: Db, p: { memberId: string; at: number; points: number }) {
  const first = await firstLots(db, p);
  const covered = first.reduce((sum, lot) => sum + lot.remaining, 0);
  return covered >= p.points || first.length < FIRST_LOTS ? first : allLots(db, p);
}

/** Moves points out of (negative) or into a lot, only if it then has no less than nothing and no more than it had at first. */
export const changeLot = statement((db, p: { memberId: string; lotId: string; remaining: number; pending: number }) =>
  db
    .updateTable('point_lots')
    .set((eb) => ({ remaining: eb('remaining', '+', p.remaining), pending: eb('pending', '+', p.pending) }))
    .where('member_id', '=', p.memberId)
    .where('lot_id', '=', p.lotId)
    .where((eb) => eb(eb('remaining', '+', p.remaining), '>=', 0))
    .where((eb) => eb(eb('pending', '+', p.pending), '>=', 0))
    .returning(['remaining', 'pending']),
);

/** Every lot of a member that lives on activity lives on. */
export const renewLots = statement((db, p: { memberId: string; at: number }) =>
  db
    .updateTable('point_lots')
    .set({ expires_at: sql<number>`idle_ms + ${p.at}` })
    .where('member_id', '=', p.memberId)
    .where((eb) => eb('remaining', '>', eb.lit(0)))
    .where('idle_ms', 'is not', null)
    .where('expires_at', '>', p.at),
);

/** Lots of one sale that still have pending or available points. */
export const lotsOfAccrual = (db: Db, memberId: string, accrualId: string) =>
  db
    .selectFrom('point_lots')
    .select(['lot_id', 'remaining', 'pending', 'issuer'])
    .where('member_id', '=', memberId)
    .where('accrual_id', '=', accrualId)
    .where((eb) => eb(eb('remaining', '+', eb.ref('pending')), '>', 0))
    .orderBy('expires_at')
    .orderBy('lot_id')
    .execute();

/** Stands word for word in the index that it lets the database use. */
const living = sql<boolean>`remaining + pending > 0`;

/** Lots with points left whose time is over. */
export const expiredLots = (db: Db, at: number, limit: number) =>
  db
    .selectFrom('point_lots')
    .select(['member_id', 'lot_id', 'issuer', 'remaining', 'pending'])
    .where(living)
    .where('expires_at', '<=', at)
    .orderBy('expires_at')
    .limit(limit)
    .execute();

/** A place in the order in which lots expire. */
export interface ExpiryPlace {
  readonly expiresAt: number;
  readonly memberId: string;
  readonly lotId: string;
}

/** Lots that expire after a place and not after a time, in that order. */
export const expiringLots = (db: Db, after: ExpiryPlace, until: number, limit: number) =>
  db
    .selectFrom('point_lots')
    .select(['member_id', 'lot_id', 'remaining', 'expires_at'])
    .where(living)
    .where('expires_at', '<=', until)
    .where('expires_at', '>=', after.expiresAt)
    .where((eb) =>
      eb.or([
        eb('expires_at', '>', after.expiresAt),
        eb('member_id', '>', after.memberId),
        eb.and([eb('member_id', '=', after.memberId), eb('lot_id', '>', after.lotId)]),
      ]),
    )
    .orderBy('expires_at')
    .orderBy('member_id')
    .orderBy('lot_id')
    .limit(limit)
    .execute();

/** Pending lots whose day has come. */
export const dueLots = (db: Db, at: number, limit: number) =>
  db
    .selectFrom('point_lots')
    .select(['member_id', 'lot_id', 'pending', 'accrual_id'])
    .where((eb) => eb('pending', '>', eb.lit(0)))
    .where('vest_at', 'is not', null)
    .where('vest_at', '<=', at)
    .orderBy('vest_at')
    .limit(limit)
    .execute();

/** Pending lots that wait for an event; of one issuer, or of all. */
export const waitingLots = (db: Db, event: string, issuer: string | undefined, limit: number) =>
  db
    .selectFrom('point_lots')
    .select(['member_id', 'lot_id', 'pending', 'accrual_id'])
    .where((eb) => eb('pending', '>', eb.lit(0)))
    .where('vest_on', 'is not', null)
    .where('vest_on', '=', event)
    .$if(issuer !== undefined, (query) => query.where('issuer', '=', issuer ?? ''))
    .orderBy('member_id')
    .orderBy('lot_id')
    .limit(limit)
    .execute();

export const lotById = (db: Db, memberId: string, lotId: string) =>
  db
    .selectFrom('point_lots')
    .selectAll()
    .where('member_id', '=', memberId)
    .where('lot_id', '=', lotId)
    .executeTakeFirst();

/** Lots with pending or available points, in the order of burning. */
export const livingLots = (db: Db, memberId: string) =>
  db
    .selectFrom('point_lots')
    .selectAll()
    .where('member_id', '=', memberId)
    .where(living)
    .orderBy('expires_at')
    .orderBy('earned_at')
    .orderBy('lot_id')
    .limit(1000)
    .execute();

/** The lots of a hold in the order of burning, with what it took of each. */
export const lotsUsedBy = (db: Db, { memberId, holdId }: { memberId: string; holdId: string }) =>
  db
    .selectFrom('hold_lots')
    .innerJoin('point_lots', (join) =>
      join
        .onRef('point_lots.member_id', '=', 'hold_lots.member_id')
        .onRef('point_lots.lot_id', '=', 'hold_lots.lot_id'),
    )
    .selectAll('point_lots')
    .select(['hold_lots.points as taken', 'hold_lots.returned'])
    .where('hold_lots.member_id', '=', memberId)
    .where('hold_lots.hold_id', '=', holdId)
    .orderBy('hold_lots.line')
    .execute();
