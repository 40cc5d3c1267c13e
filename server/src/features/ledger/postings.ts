import { assert } from '@tessera/shared/result';
import { sum } from '@tessera/shared/points';
import type { PointAccount } from '../../platform/database/schema/ledger.ts';

export type SystemAccount = 'issuance' | 'redeemed' | 'expired';
export type MemberAccount = Exclude<PointAccount, SystemAccount>;

/** One line of a transaction: positive into the account, negative out of it. */
export type Posting =
  | { readonly account: SystemAccount; readonly points: number }
  | { readonly account: MemberAccount; readonly memberId: string; readonly points: number };

/** Drops lines of nothing and states the law: every transaction sums to zero. */
export function balanced(lines: readonly Posting[]): Posting[] {
  assert(sum(lines.map((line) => line.points)) === 0, 'a point transaction sums to zero');
  return lines.filter((line) => line.points !== 0);
}

/** A lot as the burning order gives it. */
export interface BurnableLot {
  readonly lot_id: string;
  readonly remaining: number;
}

/** Takes points from lots in the given order; `short` is what they could not cover. */
export function burn(
  lots: readonly BurnableLot[],
  points: number,
): { taken: { lotId: string; points: number }[]; short: number } {
  const taken: { lotId: string; points: number }[] = [];
  let short = points;
  for (const lot of lots) {
    if (short === 0) break;
    const part = Math.min(lot.remaining, short);
    taken.push({ lotId: lot.lot_id, points: part });
    short -= part;
  }
  return { taken, short };
}
