import { assert, ok, type Result } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import type { BurnPart, ClearingPort } from './clearing-port.ts';
import type { Debts } from './debts.ts';
import type { About, Journal, Posted } from './journal.ts';
import { giveBack } from './lots.ts';
import type { Posting } from './postings.ts';
import * as store from './store/holds.ts';
import type { HoldRow } from './store/holds.ts';
import { linesOut, Takings, withOwed, type HeldLot, type Restored } from './takings.ts';

/** Which hold of whom. A redemption's hold has its id, a payment's too. */
export interface HoldKey {
  readonly holdId: string;
  readonly memberId: string;
}

export interface HoldRequest extends HoldKey {
  readonly purpose: HoldRow['purpose'];
  readonly points: number;
  /** The merchant that is paid when they are burnt, null for the operator. */
  readonly beneficiary: string | null;
}

type HoldKind = Extract<About['kind'], 'hold' | 'capture' | 'release' | 'refund' | 'correct'>;
type Entry = Pick<About, 'reason'> & { readonly kind: HoldKind };

const CORRECTION: Entry = { kind: 'correct', reason: 'correction by two staff' };

/** Points set aside, and what becomes of them. Every method but `hold` expects a hold in the state that it is for. */
export class Holds {
  readonly #journal: Journal;
  readonly #debts: Debts;
  readonly #clearing: ClearingPort;
  readonly #takings: Takings;

  constructor(journal: Journal, debts: Debts, clearing: ClearingPort) {
    this.#journal = journal;
    this.#debts = debts;
    this.#clearing = clearing;
    this.#takings = new Takings(journal);
  }

  /** @param orOwe lets what is missing become debt: only for what has already happened in the world (a replayed grant) */
  async hold(tx: Tx, request: HoldRequest, orOwe: boolean): Promise<Result<Posted['after'], { missing: number }>> {
    const { holdId, memberId, points, purpose, beneficiary } = request;
    const took = await this.#takings.take(tx, memberId, points, orOwe);
    if (!took.ok) return took;
    const { taken, owed } = took.value;
    const fresh = { owed, captured: 0, returned: 0, state: 'open', created_at: tx.at } as const;
    const row: HoldRow = { member_id: memberId, hold_id: holdId, purpose, beneficiary, points, ...fresh };
    await store.insertHold(tx.db, row);
    await this.#takings.keep(tx, row, taken);
    const lines: Posting[] = [...linesOut(took.value), { account: 'member:held', points }];
    const { after } = await this.#post(tx, row, { kind: 'hold', reason: purpose }, { lines, made: [] });
    return ok(after);
  }

  /** Burns held points: all, or the first of them; the rest is free again. */
  async capture(tx: Tx, key: HoldKey, points?: number): Promise<void> {
    const hold = await this.#find(tx, key, 'open');
    const captured = points ?? hold.points;
    assert(captured >= 0 && captured <= hold.points, 'no more is captured than is held');
    const lots = await store.lotsOfHold(tx.db, key);
    const { back, owedBack } = giveBack({ parts: lots, owed: hold.owed }, hold.points - captured);
    const kept = await this.#takings.shrink(tx, hold, lots, back);
    const owed = hold.owed - owedBack;
    await this.#step(tx, hold, { state: 'captured', owed, captured });
    const restored = await this.#takings.restored(tx, hold.member_id, back, owedBack);
    const lines: Posting[] = [
      { account: 'member:held', points: -hold.points },
      { account: 'redeemed', points: captured },
      ...restored.lines,
    ];
    const entry: Entry = { kind: 'capture', reason: hold.purpose };
    const { transactionId, after } = await this.#post(tx, hold, entry, { lines, made: restored.made });
    await this.#tell(tx, 'burnt', hold, transactionId, withOwed(kept, owed));
    await this.#tellMade(tx, hold, transactionId, restored);
    if (back.length > 0) await this.#debts.repay(tx, hold.member_id, after);
  }

  /** Gives a hold back whole: the same points to the same lots, with their expiry. */
  async release(tx: Tx, key: HoldKey): Promise<void> {
    const hold = await this.#find(tx, key, 'open');
    const entry: Entry = { kind: 'release', reason: hold.purpose };
    await this.#undo(tx, hold, entry, { account: 'member:held', points: -hold.points });
  }

  /**
   * Gives a part of what was captured back to its lots, with their old earn time and expiry. From the end of the burn: what
   * stays burnt is what a smaller burn would have taken.
   */
  async refund(tx: Tx, key: HoldKey, points: number, reason: string): Promise<void> {
    const hold = await this.#find(tx, key, 'captured');
    assert(points > 0 && points <= hold.captured - hold.returned, 'no more comes back than was burnt');
    const { back, owedBack } = giveBack(await this.#stillTaken(tx, hold), points);
    for (const part of back) await store.returnHoldLot(tx.db, { ...key, line: part.line, points: part.points });
    await this.#step(tx, hold, { returned: hold.returned + points });
    const restored = await this.#takings.restored(tx, hold.member_id, back, owedBack);
    const lines: Posting[] = [{ account: 'redeemed', points: -points }, ...restored.lines];
    const entry: Entry = { kind: 'refund', reason };
    const { transactionId, after } = await this.#post(tx, hold, entry, { lines, made: restored.made });
    await this.#tell(tx, 'returned', hold, transactionId, withOwed(back, owedBack));
    await this.#tellMade(tx, hold, transactionId, restored);
    await this.#debts.repay(tx, hold.member_id, after);
  }

  /** Corrects a capture that was wrong: all that is still burnt comes back, as if the hold had been released. */
  async uncapture(tx: Tx, key: HoldKey): Promise<void> {
    const hold = await this.#find(tx, key, 'captured');
    await this.#undo(tx, hold, CORRECTION, { account: 'redeemed', points: hold.returned - hold.captured });
  }

  /** Corrects a release that was wrong: takes the points after all; what is not there any more is owed. */
  async charge(tx: Tx, key: HoldKey): Promise<void> {
    const hold = await this.#find(tx, key, 'released');
    const took = await this.#takings.take(tx, hold.member_id, hold.points, true);
    assert(took.ok, 'what is missing is owed');
    const { taken, owed } = took.value;
    await this.#takings.keep(tx, hold, taken);
    await this.#step(tx, hold, { state: 'captured', owed, captured: hold.points });
    const lines: Posting[] = [...linesOut(took.value), { account: 'redeemed', points: hold.points }];
    const { transactionId } = await this.#post(tx, hold, CORRECTION, { lines, made: [] });
    await this.#tell(tx, 'burnt', hold, transactionId, withOwed(taken, owed));
  }

  async #find(tx: Tx, key: HoldKey, state: HoldRow['state']): Promise<HoldRow> {
    const [hold] = await store.holdById(tx.db, key);
    assert(hold?.state === state, `the hold ${key.holdId} is ${state}`);
    return hold;
  }

  /** What of a hold has not come back yet. */
  async #stillTaken(tx: Tx, hold: HoldRow): Promise<{ parts: HeldLot[]; owed: number }> {
    const lots = await store.lotsOfHold(tx.db, { holdId: hold.hold_id, memberId: hold.member_id });
    const parts = lots.map((lot) => ({ ...lot, points: lot.points - lot.returned }));
    return { parts, owed: hold.owed - Math.min(hold.owed, hold.returned) };
  }

  /** Ends a hold as if it had never been: everything that is still taken goes back. */
  async #undo(tx: Tx, hold: HoldRow, entry: Entry, from: Posting): Promise<void> {
    const { back, owedBack } = giveBack(await this.#stillTaken(tx, hold), -from.points);
    await store.removeHoldLots(tx.db, { holdId: hold.hold_id, memberId: hold.member_id });
    await this.#step(tx, hold, { state: 'released', owed: 0, captured: 0, returned: 0 });
    const restored = await this.#takings.restored(tx, hold.member_id, back, owedBack);
    const lines = [from, ...restored.lines];
    const { transactionId, after } = await this.#post(tx, hold, entry, { lines, made: restored.made });
    if (hold.state === 'captured') await this.#tell(tx, 'returned', hold, transactionId, withOwed(back, owedBack));
    await this.#tellMade(tx, hold, transactionId, restored);
    await this.#debts.repay(tx, hold.member_id, after);
  }

  async #step(tx: Tx, hold: HoldRow, change: Partial<Pick<HoldRow, 'state' | 'owed' | 'captured' | 'returned'>>) {
    const key = { holdId: hold.hold_id, memberId: hold.member_id };
    const { state, owed, captured, returned } = { ...hold, ...change };
    const written = await store.updateHold(tx.db, { ...key, state, owed, captured, returned, from: hold.state });
    assert(written.length === 1, 'a hold that was read in this command is still in its state');
  }

  #post(tx: Tx, hold: HoldRow, entry: Entry, { lines, made }: Restored): Promise<Posted> {
    return this.#journal.post(tx, { memberId: hold.member_id, holdId: hold.hold_id, ...entry }, lines, made);
  }

  async #tell(tx: Tx, what: 'burnt' | 'returned', hold: HoldRow, transactionId: string, parts: readonly BurnPart[]) {
    if (parts.length === 0) return;
    const { hold_id: burnId, member_id: memberId, beneficiary } = hold;
    await this.#clearing[what](tx, { transactionId, memberId, burnId, beneficiary, parts });
  }

  async #tellMade(tx: Tx, hold: HoldRow, transactionId: string, { made }: Restored): Promise<void> {
    for (const { lot_id: lotId, points } of made) {
      await this.#clearing.restored(tx, { transactionId, memberId: hold.member_id, lotId, points });
    }
  }
}
