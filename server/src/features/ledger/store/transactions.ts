import type { Selectable } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import {
  pointAccounts,
  type PointPostingsTable,
  type PointTransactionsTable,
} from '../../../platform/database/schema/ledger.ts';
import { statement } from '../../../platform/database/statement.ts';
import type { BalanceChange } from '../postings.ts';

export const insertTransaction = statement((db, p: Selectable<PointTransactionsTable>) =>
  db.insertInto('point_transactions').values({
    member_id: p.member_id,
    transaction_id: p.transaction_id,
    kind: p.kind,
    hold_id: p.hold_id,
    accrual_id: p.accrual_id,
    reference: p.reference,
    reason: p.reason,
    actor: p.actor,
    at: p.at,
  }),
);

type PostingRow = Selectable<PointPostingsTable>;

const insertOne = statement((db, p: PostingRow) =>
  db.insertInto('point_postings').values({
    member_id: p.member_id,
    transaction_id: p.transaction_id,
    line: p.line,
    account: p.account,
    lot_id: p.lot_id,
    points: p.points,
  }),
);

type Pair = Pick<PostingRow, 'member_id' | 'transaction_id'> &
  Record<'account1' | 'account2', PostingRow['account']> &
  Record<'lot1' | 'lot2', string | null> &
  Record<'points1' | 'points2', number>;

const insertPair = statement((db, p: Pair) => {
  const { member_id, transaction_id } = p;
  return db.insertInto('point_postings').values([
    { member_id, transaction_id, line: 1, account: p.account1, lot_id: p.lot1, points: p.points1 },
    { member_id, transaction_id, line: 2, account: p.account2, lot_id: p.lot2, points: p.points2 },
  ]);
});

/** Writes the lines of a transaction. Nearly all have two, and one statement for both saves half the work. */
export async function insertPostings(db: Db, lines: readonly PostingRow[]): Promise<void> {
  const [one, two] = lines;
  if (one && two && lines.length === 2) {
    const { member_id, transaction_id } = one;
    await insertPair(db, {
      member_id,
      transaction_id,
      account1: one.account,
      lot1: one.lot_id,
      points1: one.points,
      account2: two.account,
      lot2: two.lot_id,
      points2: two.points,
    });
  } else for (const line of lines) await insertOne(db, line);
}

export const balanceOf = statement((db, p: { memberId: string }) =>
  db.selectFrom('balances').selectAll().where('member_id', '=', p.memberId),
);

/** Adds to a member's roll-up; a balance that would go below zero breaks a CHECK and throws. */
export const changeBalance = statement((db, p: BalanceChange & { memberId: string }) =>
  db
    .updateTable('balances')
    .set((eb) => ({
      pending: eb('pending', '+', p.pending),
      available: eb('available', '+', p.available),
      held: eb('held', '+', p.held),
      debt: eb('debt', '+', p.debt),
    }))
    .where('member_id', '=', p.memberId)
    .returningAll(),
);

/** The first transaction of a member opens the roll-up. */
export const openBalance = statement((db, p: BalanceChange & { memberId: string }) =>
  db
    .insertInto('balances')
    .values({
      member_id: p.memberId,
      pending: p.pending,
      available: p.available,
      held: p.held,
      debt: p.debt,
      renews: 0,
    })
    .returningAll(),
);

export const rememberRenewal = statement((db, p: { memberId: string }) =>
  db.updateTable('balances').set({ renews: 1 }).where('member_id', '=', p.memberId),
);

const memberAccounts = pointAccounts.filter((account) => account.startsWith('member:'));

/** A member's postings, newest transaction first, each with its transaction. */
export const postingsOf = (db: Db, memberId: string, limit: number, before: string | undefined) =>
  db
    .selectFrom('point_transactions as transaction')
    .innerJoin('point_postings as posting', (join) =>
      join
        .onRef('posting.member_id', '=', 'transaction.member_id')
        .onRef('posting.transaction_id', '=', 'transaction.transaction_id'),
    )
    .leftJoin('holds as hold', (join) =>
      join.onRef('hold.member_id', '=', 'transaction.member_id').onRef('hold.hold_id', '=', 'transaction.hold_id'),
    )
    .select([
      'transaction.transaction_id as transactionId',
      'transaction.kind',
      'transaction.reason',
      'transaction.hold_id as holdId',
      'hold.purpose',
      'transaction.accrual_id as accrualId',
      'transaction.reference',
      'transaction.at',
      'posting.account',
      'posting.lot_id as lotId',
      'posting.points',
    ])
    .where('transaction.member_id', '=', memberId)
    .where('posting.account', 'in', memberAccounts)
    .where('transaction.transaction_id', 'in', (eb) =>
      eb
        .selectFrom('point_transactions')
        .select('transaction_id')
        .where('member_id', '=', memberId)
        .$if(before !== undefined, (query) => query.where('transaction_id', '<', before ?? ''))
        .orderBy('transaction_id', 'desc')
        .limit(limit),
    )
    .orderBy('transaction.transaction_id', 'desc')
    .orderBy('posting.line')
    .execute();

/** What was booked for a hold, in order. */
export const transactionsOfHold = (db: Db, { memberId, holdId }: { memberId: string; holdId: string }) =>
  db
    .selectFrom('point_transactions')
    .select(['transaction_id as transactionId', 'kind', 'at', 'actor', 'reason'])
    .where('member_id', '=', memberId)
    .where('hold_id', '=', holdId)
    .orderBy('at')
    .orderBy('transaction_id')
    .execute();
