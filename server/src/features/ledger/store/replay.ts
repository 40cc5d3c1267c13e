import type { Db } from '../../../platform/database/database.ts';

/** A place in the order in which postings are kept. */
export interface PostingPlace {
  readonly memberId: string;
  /** Null: behind all that this member has. */
  readonly within: { readonly transactionId: string; readonly line: number } | null;
}

const PAGE = 5_000;

/** Member ids after one. */
export async function membersAfter(db: Db, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('members')
    .select('member_id')
    .where('member_id', '>', after)
    .orderBy('member_id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.member_id);
}

export type ReplayedPosting = Awaited<ReturnType<typeof pageOfPostings>>[number];

/** The next postings after a place, up to the last of a member. */
export const pageOfPostings = (db: Db, { memberId, within }: PostingPlace, to: string) =>
  db
    .selectFrom('point_postings as p')
    .innerJoin('point_transactions as t', (join) =>
      join.onRef('t.member_id', '=', 'p.member_id').onRef('t.transaction_id', '=', 'p.transaction_id'),
    )
    .select(['p.member_id', 'p.transaction_id', 'p.line', 'p.account', 'p.lot_id', 'p.points', 't.hold_id'])
    .where('p.member_id', '<=', to)
    .where('p.member_id', within ? '>=' : '>', memberId)
    .$if(within !== null, (query) =>
      query.where((eb) =>
        eb.or([
          eb('p.member_id', '>', memberId),
          eb('p.transaction_id', '>', within?.transactionId ?? ''),
          eb.and([eb('p.transaction_id', '=', within?.transactionId ?? ''), eb('p.line', '>', within?.line ?? 0)]),
        ]),
      ),
    )
    .orderBy('p.member_id')
    .orderBy('p.transaction_id')
    .orderBy('p.line')
    .limit(PAGE)
    .execute();

export type BooksRows = Awaited<ReturnType<typeof rowsOf>>;

/** What the books say of members after one and up to another. */
export async function rowsOf(db: Db, after: string, to: string) {
  const balances = await db
    .selectFrom('balances')
    .select(['member_id', 'pending', 'available', 'held', 'debt'])
    .where('member_id', '>', after)
    .where('member_id', '<=', to)
    .execute();
  const lots = await db
    .selectFrom('point_lots')
    .select(['member_id', 'lot_id', 'remaining', 'pending'])
    .where('member_id', '>', after)
    .where('member_id', '<=', to)
    .execute();
  const holds = await db
    .selectFrom('holds')
    .select(['member_id', 'hold_id', 'points', 'captured', 'returned', 'state'])
    .where('member_id', '>', after)
    .where('member_id', '<=', to)
    .execute();
  return { balances, lots, holds };
}
