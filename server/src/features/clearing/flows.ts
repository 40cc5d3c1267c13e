import type { Db } from '../../platform/database/database.ts';

/** Points of an issuer that were burnt at a redeemer, and what its side paid for them. */
export interface Flow {
  readonly issuer: string;
  readonly redeemer: string;
  readonly currency: string;
  readonly points: number;
  readonly paid: number;
}

/**
 * Who issued, who redeemed, who owes whom: burns less returns between two times (ms since the epoch, the second excluded).
 * The payer's side of a burn names its redeemer.
 */
export async function flowsBetween(db: Db, from: number, until: number): Promise<Flow[]> {
  const rows = await db
    .selectFrom('money_postings')
    .select((eb) => [
      'party as issuer',
      'counterparty as redeemer',
      'currency',
      eb.fn.sum<number>('points').as('points'),
      eb.fn.sum<number>('amount').as('amount'),
    ])
    .where('kind', 'in', ['burn', 'return'])
    .where('points', '<>', 0)
    .where((eb) =>
      eb.or([
        eb('account', '=', 'points_fund'),
        eb.and([eb('account', '=', 'merchant:clearing'), eb('kind', '=', 'burn'), eb('points', '<', 0)]),
        eb.and([eb('account', '=', 'merchant:clearing'), eb('kind', '=', 'return'), eb('points', '>', 0)]),
      ]),
    )
    .where('at', '>=', from)
    .where('at', '<', until)
    .groupBy(['party', 'counterparty', 'currency'])
    .orderBy('party')
    .orderBy('counterparty')
    .orderBy('currency')
    .execute();
  return rows.map(({ points, amount, ...flow }) => ({ ...flow, points: -points, paid: -amount }));
}
