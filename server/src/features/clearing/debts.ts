import type { Tx } from '../../platform/commands/commands.ts';
import { OPERATOR } from '../../platform/database/schema/clearing.ts';
import { termsAt, termsOf } from './rated.ts';
import type { Portion } from './rules/terms.ts';
import * as store from './store.ts';

/**
 * Points that members owe, as the fund sees them: lent, where points were burnt that nobody had issued (more than none), or
 * kept, where points have paid for a burn that is still to come (less than none). Either way the fund is their face apart
 * from its lots.
 */
type Loan = Portion;

/** Loans and what is kept come out of a fund whatever the basis of their rate. */
const funded = ({ issuer, terms, points }: Loan): Portion => ({
  issuer,
  terms: { ...terms, basis: 'on_issue' },
  points,
});

/** The money for points that were burnt without being there: what had been paid ahead, then a loan of the operator's fund. */
export async function borrow(tx: Tx, memberId: string, points: number): Promise<Portion[]> {
  const kept = await takeKept(tx, memberId, points);
  const terms = kept.left === 0 ? undefined : await termsAt(tx, OPERATOR);
  if (terms === undefined) return kept.taken;
  const loan = { issuer: OPERATOR, terms, points: kept.left };
  await note(tx, memberId, loan);
  return [...kept.taken, funded(loan)];
}

/** A burn that had borrowed was undone: loans end, the newest first; what had been paid back is kept for the member. */
export async function takeBackLoan(tx: Tx, memberId: string, points: number): Promise<Portion[]> {
  const loans = (await loansOf(tx, memberId)).filter((loan) => loan.issuer === OPERATOR && loan.points > 0);
  const ended = await take(tx, memberId, loans.reverse(), points);
  const terms = ended.left === 0 ? undefined : await termsAt(tx, OPERATOR);
  if (terms === undefined) return ended.taken;
  const back = { issuer: OPERATOR, terms, points: ended.left };
  await note(tx, memberId, { ...back, points: -back.points });
  return [...ended.taken, funded(back)];
}

/** Ends loans that points pay back, the oldest rate first; `left` is what nobody has lent yet. */
export async function payBack(tx: Tx, memberId: string, points: number): Promise<{ taken: Portion[]; left: number }> {
  const loans = (await loansOf(tx, memberId)).filter((loan) => loan.points > 0);
  return take(tx, memberId, loans, points);
}

/** Takes what was kept for a member out again; `left` is what was not there. */
export async function takeKept(tx: Tx, memberId: string, points: number): Promise<{ taken: Portion[]; left: number }> {
  const kept = (await loansOf(tx, memberId)).filter((loan) => loan.points < 0);
  const found = kept.map((loan) => ({ ...loan, points: -loan.points }));
  return take(tx, memberId, found, points, -1);
}

/** Notes points that a fund lends (more than none) or keeps (less). */
export async function note(tx: Tx, memberId: string, { issuer, terms, points }: Loan): Promise<void> {
  await store.addDebt(tx.db, { memberId, issuer, rateId: terms.rateId, points });
}

async function loansOf(tx: Tx, memberId: string): Promise<Loan[]> {
  const rows = await store.debtsOf(tx.db, { memberId });
  return rows.map((row) => ({ issuer: row.issuer, terms: termsOf(row), points: row.points }));
}

async function take(
  tx: Tx,
  memberId: string,
  loans: readonly Loan[],
  points: number,
  sign: 1 | -1 = 1,
): Promise<{ taken: Portion[]; left: number }> {
  const taken: Portion[] = [];
  let left = points;
  for (const loan of loans) {
    if (left === 0) break;
    const part = { ...loan, points: Math.min(left, loan.points) };
    left -= part.points;
    await note(tx, memberId, { ...part, points: -sign * part.points });
    taken.push(funded(part));
  }
  return { taken, left };
}
