import { err, ok, type Result } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import { NEVER } from '../../platform/database/schema/ledger.ts';
import type { BurnPart } from './clearing-port.ts';
import type { Journal, NewLot } from './journal.ts';
import { burn, type LotPart } from './lots.ts';
import type { Posting } from './postings.ts';
import * as store from './store/holds.ts';
import type { HoldRow } from './store/holds.ts';
import { burnableLots } from './store/lots.ts';

export type IssuedPart = LotPart & { readonly issuer: string | null };
export type HeldLot = IssuedPart & { readonly line: number; readonly returned: number };

/** What was taken out of lots, and what no lot could cover. */
export interface Took {
  readonly taken: readonly IssuedPart[];
  readonly owed: number;
}

/** Lines of a transaction, and the lots that it makes. */
export interface Restored {
  readonly lines: readonly Posting[];
  readonly made: readonly NewLot[];
}

/** What holds do to lots: points leave them in the order of burning and find their way back. */
export class Takings {
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Finds points in the order of burning. */
  async take(tx: Tx, memberId: string, points: number, orOwe: boolean): Promise<Result<Took, { missing: number }>> {
    const lots = await burnableLots(tx.db, { memberId, at: tx.at, points });
    const { taken, short } = burn(lots, points);
    if (short > 0 && !orOwe) return err({ missing: short });
    const issuers = new Map(lots.map((lot) => [lot.lot_id, lot.issuer]));
    return ok({ taken: taken.map((part) => ({ ...part, issuer: issuers.get(part.lotId) ?? null })), owed: short });
  }

  /** Remembers which lots a hold took its points from, in the order of burning. */
  async keep(tx: Tx, { member_id, hold_id }: HoldRow, taken: readonly LotPart[]): Promise<void> {
    let line = 0;
    for (const { lotId, points } of taken) {
      line += 1;
      await store.insertHoldLot(tx.db, { member_id, hold_id, line, lot_id: lotId, points, returned: 0 });
    }
  }

  /** Takes what comes back out of a hold's lots; answers what stays. */
  async shrink(
    tx: Tx,
    { member_id: memberId, hold_id: holdId }: HoldRow,
    lots: readonly HeldLot[],
    back: readonly HeldLot[],
  ): Promise<HeldLot[]> {
    const byLine = new Map(back.map((part) => [part.line, part.points]));
    const kept: HeldLot[] = [];
    for (const lot of lots) {
      const { line } = lot;
      const points = lot.points - (byLine.get(line) ?? 0);
      if (points === 0) await store.removeHoldLot(tx.db, { memberId, holdId, line });
      else if (points < lot.points) await store.shrinkHoldLot(tx.db, { memberId, holdId, line, points });
      if (points > 0) kept.push({ ...lot, points });
    }
    return kept;
  }

  /**
   * The lines by which points go back to their lots, and what was owed is owed no more. Where later earnings have paid
   * that debt already, the member gets a lot for it.
   */
  async restored(tx: Tx, memberId: string, back: readonly LotPart[], owedBack: number): Promise<Restored> {
    const lines: Posting[] = back.map(({ lotId, points }) => ({ account: 'member:available', lotId, points }));
    if (owedBack === 0) return { lines, made: [] };
    const { debt } = await this.#journal.balancesOf(tx.db, memberId);
    const forgiven = Math.min(debt, owedBack);
    lines.push({ account: 'member:debt', points: forgiven });
    const repaid = owedBack - forgiven;
    if (repaid === 0) return { lines, made: [] };
    const lot = lotOfRepaid(this.#journal.newId(tx), tx.at, repaid);
    lines.push({ account: 'member:available', lotId: lot.lot_id, points: repaid });
    return { lines, made: [lot] };
  }
}

/** The lines by which points leave their lots, or become debt. */
export const linesOut = ({ taken, owed }: Took): Posting[] => [
  ...taken.map(({ lotId, points }) => ({ account: 'member:available', lotId, points: -points }) as const),
  { account: 'member:debt', points: -owed },
];

/** The parts of a burn as clearing hears of them. */
export const withOwed = (parts: readonly IssuedPart[], owed: number): BurnPart[] => [
  ...parts.map(({ lotId, issuer, points }) => ({ lotId, issuer, points })),
  ...(owed > 0 ? [{ lotId: null, issuer: null, points: owed }] : []),
];

/** Whose lots paid the debt is not known any more: the alliance gives the points back, and they do not expire. */
const lotOfRepaid = (lotId: string, at: number, points: number): NewLot => ({
  lot_id: lotId,
  issuer: null,
  rule: 'returned',
  accrual_id: null,
  earned_at: at,
  expires_at: NEVER,
  idle_ms: null,
  points,
  remaining: points,
  pending: 0,
  vest_at: null,
  vest_on: null,
  origin_lot_id: null,
});
