import type { Selectable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type {
  PointAccount,
  PointLotsTable,
  PointPostingsTable,
  PointTransactionsTable,
} from '../../platform/database/schema/ledger.ts';
import { statement } from '../../platform/database/statement.ts';

export const insertTransaction = statement((db, p: Selectable<PointTransactionsTable>) =>
  db.insertInto('point_transactions').values({
    transaction_id: p.transaction_id,
    kind: p.kind,
    redemption_id: p.redemption_id,
    accrual_id: p.accrual_id,
    reason: p.reason,
    actor: p.actor,
    at: p.at,
  }),
);

export const insertPosting = statement((db, p: Selectable<PointPostingsTable>) =>
  db.insertInto('point_postings').values({
    transaction_id: p.transaction_id,
    line: p.line,
    account: p.account,
    member_id: p.member_id,
    points: p.points,
  }),
);

/** The first posting to an account opens its roll-up. */
export const openBalance = statement((db, p: { memberId: string; account: PointAccount; points: number }) =>
  db.insertInto('balances').values({ member_id: p.memberId, account: p.account, points: p.points }),
);

/** Adds to a member's roll-up; a balance that would go below zero breaks a CHECK and throws. */
export const raiseBalance = statement((db, p: { memberId: string; account: PointAccount; points: number }) =>
  db
    .updateTable('balances')
    .set((eb) => ({ points: eb('points', '+', p.points) }))
    .where('member_id', '=', p.memberId)
    .where('account', '=', p.account)
    .returning('points'),
);

export const balancesOfMember = statement((db, p: { memberId: string }) =>
  db.selectFrom('balances').select(['account', 'points']).where('member_id', '=', p.memberId),
);

export const insertLot = statement((db, p: Selectable<PointLotsTable>) =>
  db.insertInto('point_lots').values({
    lot_id: p.lot_id,
    member_id: p.member_id,
    issuer: p.issuer,
    rule: p.rule,
    earned_at: p.earned_at,
    expires_at: p.expires_at,
    points: p.points,
    remaining: p.remaining,
    transaction_id: p.transaction_id,
  }),
);

/** Lots that may be burnt at a time, in the order in which they are: earliest expiry, then earliest earned. */
export const burnableLots = statement((db, p: { memberId: string; at: number }) =>
  db
    .selectFrom('point_lots')
    .select(['lot_id', 'remaining'])
    .where('member_id', '=', p.memberId)
    // A literal, so that SQLite sees that the index on living lots fits.
    .where((eb) => eb('remaining', '>', eb.lit(0)))
    .where('expires_at', '>', p.at)
    .orderBy('expires_at')
    .orderBy('earned_at')
    .orderBy('lot_id'),
);

/** Takes from a lot, only if it still has so much. */
export const takeFromLot = statement((db, p: { lotId: string; points: number }) =>
  db
    .updateTable('point_lots')
    .set((eb) => ({ remaining: eb('remaining', '-', p.points) }))
    .where('lot_id', '=', p.lotId)
    .where('remaining', '>=', p.points)
    .returning('remaining'),
);

export const giveBackToLot = statement((db, p: { lotId: string; points: number }) =>
  db
    .updateTable('point_lots')
    .set((eb) => ({ remaining: eb('remaining', '+', p.points) }))
    .where('lot_id', '=', p.lotId),
);

export const insertHoldLot = statement((db, p: { redemptionId: string; lotId: string; points: number }) =>
  db.insertInto('hold_lots').values({ redemption_id: p.redemptionId, lot_id: p.lotId, points: p.points }),
);

export const removeHoldLots = statement((db, p: { redemptionId: string }) =>
  db.deleteFrom('hold_lots').where('redemption_id', '=', p.redemptionId).returning(['lot_id', 'points']),
);

/** Lots with points left whose time is over. */
export const expiredLots = (db: Db, at: number, limit: number) =>
  db
    .selectFrom('point_lots')
    .select(['lot_id', 'member_id', 'remaining'])
    .where((eb) => eb('remaining', '>', eb.lit(0)))
    .where('expires_at', '<=', at)
    .orderBy('expires_at')
    .limit(limit)
    .execute();

/** A member's postings, newest first, each with its transaction. */
export const postingsOf = (db: Db, memberId: string, limit: number, before: string | undefined) =>
  db
    .selectFrom('point_postings as posting')
    .innerJoin('point_transactions as transaction', 'transaction.transaction_id', 'posting.transaction_id')
    .select([
      'transaction.transaction_id as transactionId',
      'transaction.kind',
      'transaction.reason',
      'transaction.redemption_id as redemptionId',
      'transaction.accrual_id as accrualId',
      'transaction.at',
      'posting.account',
      'posting.points',
    ])
    .where('posting.member_id', '=', memberId)
    .where('transaction.transaction_id', 'in', (eb) =>
      eb
        .selectFrom('point_postings')
        .select('transaction_id')
        .distinct()
        .where('member_id', '=', memberId)
        .$if(before !== undefined, (query) => query.where('transaction_id', '<', before ?? ''))
        .orderBy('transaction_id', 'desc')
        .limit(limit),
    )
    .orderBy('transaction.transaction_id', 'desc')
    .orderBy('posting.line')
    .execute();
