import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';
import { sql } from 'kysely';
import type { Tx } from '../../platform/commands/commands.ts';
import { postLegs } from './money-books.ts';
import { termsOf } from './rated.ts';
import { issueLegs, repayLegs } from './rules/legs.ts';
import { paidByOperator } from './rules/terms.ts';
import type { RateRow } from './store.ts';

/** Points of an issuer that nobody has paid for yet, by the rate at which they would be when they are burnt. */
async function unfunded(tx: Tx, issuer: string): Promise<(RateRow & { points: number })[]> {
  const { rows } = await sql<RateRow & { points: number }>`
    select r.rate_id, r.party, r.currency, r.basis, r.face_micro, r.issue_micro, r.redeem_micro, r.issuer_share_ppm,
      r.valid_from, r.proposal_id, sum(o.points) as points
    from (
      select member_id, lot_id, remaining + pending as points from point_lots where remaining + pending > 0
      union all
      select l.member_id, l.lot_id, l.points - l.returned from hold_lots l
      join holds h on h.member_id = l.member_id and h.hold_id = l.hold_id and h.state = 'open') o
    join clearing_lots c on c.member_id = o.member_id and c.lot_id = o.lot_id and c.issuer = ${issuer}
    join clearing_rates r on r.rate_id = c.rate_id and r.basis = 'on_redeem'
    group by r.rate_id, r.party, r.currency, r.basis, r.face_micro, r.issue_micro, r.redeem_micro, r.issuer_share_ppm,
      r.valid_from, r.proposal_id order by r.rate_id`.execute(tx.db);
  return rows;
}

/**
 * An issuer that would pay when its points are burnt will not be there: the fund is filled now, by itself or, where it
 * cannot pay, by the operator. Its lots are cleared from the fund from here on.
 */
export async function fundOutstanding(
  tx: Tx,
  chance: Chance,
  about: { readonly issuer: string; readonly payer: 'issuer' | 'operator'; readonly proposalId: string },
): Promise<void> {
  const { issuer, proposalId: subject } = about;
  for (const { points, ...rate } of await unfunded(tx, issuer)) {
    const rateId = newUlid({ nowMs: () => tx.at }, chance);
    // No party: a rate of the past, which no new points are issued at.
    const funded: RateRow = { ...rate, rate_id: rateId, party: '', basis: 'on_issue', proposal_id: subject };
    await tx.db.insertInto('clearing_rates').values(funded).execute();
    const terms = termsOf(funded);
    const legs =
      about.payer === 'issuer'
        ? issueLegs({ issuer, terms, points })
        : repayLegs(paidByOperator(terms, points), { issuer, terms });
    const transactionId = newUlid({ nowMs: () => tx.at }, chance);
    await postLegs(tx, { transactionId, kind: about.payer === 'issuer' ? 'wind_down' : 'default', subject }, legs);
    await tx.db
      .updateTable('clearing_lots')
      .set({ rate_id: rateId })
      .where('issuer', '=', issuer)
      .where('rate_id', '=', rate.rate_id)
      .execute();
  }
}
