import type { Tx } from '../../platform/commands/commands.ts';
import { OPERATOR } from '../../platform/database/schema/clearing.ts';
import type { Terms } from './rules/terms.ts';
import * as store from './store.ts';

/** A rate as the rules read it. */
export const termsOf = (row: store.RateRow): Terms => ({
  rateId: row.rate_id,
  currency: row.currency,
  basis: row.basis,
  face: row.face_micro,
  issue: row.issue_micro,
  redeem: row.redeem_micro,
  issuerShare: row.issuer_share_ppm,
});

/** A party's name in the money ledger: a merchant's id, or the operator. */
export const partyOf = (merchantId: string | null): string => merchantId ?? OPERATOR;

/** What a party issues at now; undefined where no rate has been set. */
export async function termsAt(tx: Tx, party: string): Promise<Terms | undefined> {
  const [rate] = await store.rateAt(tx.db, { party, at: tx.at });
  return rate && termsOf(rate);
}

/** What a lot was issued at, and the sale that it was given for; undefined where no rate held then. */
export async function lotTerms(
  tx: Tx,
  memberId: string,
  lotId: string,
): Promise<{ terms: Terms; subject: string } | undefined> {
  const [row] = await store.rateOfLot(tx.db, { memberId, lotId });
  return row && { terms: termsOf(row), subject: row.subject };
}
