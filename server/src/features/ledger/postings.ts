import { assert } from '@tessera/shared/result';
import { sum } from '@tessera/shared/points';

/** One line of a transaction: positive into the account, negative out of it. */
export type Posting =
  | { readonly account: 'issuance' | 'redeemed' | 'expired' | 'transferred'; readonly points: number }
  | { readonly account: 'member:held' | 'member:debt'; readonly points: number }
  | { readonly account: 'member:pending' | 'member:available'; readonly lotId: string; readonly points: number };

/** Drops lines of nothing and states the law: every transaction sums to zero. */
export function balanced(lines: readonly Posting[]): Posting[] {
  assert(sum(lines.map((line) => line.points)) === 0, 'a point transaction sums to zero');
  return lines.filter((line) => line.points !== 0);
}

/** What a transaction adds to a member's roll-up; `debt` is what is owed, as a positive number. */
export interface BalanceChange {
  readonly pending: number;
  readonly available: number;
  readonly held: number;
  readonly debt: number;
}

/** Sums the lines of a transaction by the member's accounts. */
export function changeOf(lines: readonly Posting[]): BalanceChange {
  const change = { pending: 0, available: 0, held: 0, debt: 0 };
  for (const { account, points } of lines) {
    if (account === 'member:pending') change.pending += points;
    else if (account === 'member:available') change.available += points;
    else if (account === 'member:held') change.held += points;
    else if (account === 'member:debt') change.debt -= points;
  }
  return change;
}
