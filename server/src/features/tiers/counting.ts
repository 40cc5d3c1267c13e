import { assert } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { dayOf, type Day } from './rules/days.ts';
import { spanStart, type Ladder } from './rules/ladder.ts';
import * as store from './store.ts';

/** A sale as far as tiers count it. */
export interface CountedSale {
  readonly memberId: string;
  readonly accrualId: string;
  /** ms since the epoch. */
  readonly soldAt: number;
  /** Qualifying points of the whole sale. */
  readonly points: number;
  /** Those that are left after goods came back. */
  readonly left: number;
}

/** A member's sales since a moment, ms since the epoch: whoever keeps sales gives them. */
export type SalesSince = (db: Db, memberId: string, since: number) => Promise<readonly CountedSale[]>;

const DAY_MS = 24 * 3_600_000;

/** Counts a sale that was not counted before, on the day on which it was sold; answers the day. */
export async function countSale(tx: Tx, ladder: Ladder, sale: CountedSale): Promise<Day> {
  const { memberId, accrualId, points, left } = sale;
  // The clock of a till may be ahead of ours.
  const day = dayOf(Math.min(sale.soldAt, tx.at), ladder.timeZone);
  const about = { member_id: memberId, accrual_id: accrualId, day, at: tx.at };
  if (points > 0) await store.insertPosting(tx.db, { ...about, line: 1, points });
  if (left < points) await store.insertPosting(tx.db, { ...about, line: 2, points: left - points });
  return day;
}

/** Takes back what of a sale does not count any more; false where nothing changes, or the sale does not count at all. */
export async function countReturn(
  tx: Tx,
  sale: Pick<CountedSale, 'memberId' | 'accrualId' | 'left'>,
): Promise<boolean> {
  const { memberId, accrualId, left } = sale;
  const lines = await store.postingsOfSale(tx.db, sale);
  const [whole] = lines;
  const points = left - lines.reduce((total, line) => total + line.points, 0);
  if (!whole || points === 0) return false;
  assert(points < 0, 'goods that come back bring no points');
  const line = lines.length + 1;
  await store.insertPosting(tx.db, {
    member_id: memberId,
    accrual_id: accrualId,
    line,
    day: whole.day,
    points,
    at: tx.at,
  });
  return true;
}

/** Counts sales of a member from before a ladder began, as far back as it looks. */
export async function countEarlier(tx: Tx, ladder: Ladder, memberId: string, sales: SalesSince): Promise<void> {
  const from = spanStart(ladder.span, dayOf(tx.at, ladder.timeZone));
  const counted = new Set((await store.countedSales(tx.db, memberId)).map((row) => row.accrual_id));
  // No place is a whole day away from UTC: a day earlier misses nothing.
  for (const sale of await sales(tx.db, memberId, (from - 1) * DAY_MS)) {
    if (!counted.has(sale.accrualId)) await countSale(tx, ladder, sale);
  }
}
