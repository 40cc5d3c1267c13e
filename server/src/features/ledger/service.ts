import type { Chance } from '@tessera/shared/ports';
import type { Result } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import type { ClearingPort } from './clearing-port.ts';
import { Debts, type ClawbackRequest, type ClawedBackPoints } from './debts.ts';
import { Expiry } from './expire.ts';
import { Holds, type HoldKey, type HoldRequest } from './holds.ts';
import { Issue, type Earned, type EarnRequest, type Vested } from './issue.ts';
import { Journal, type Balances } from './journal.ts';
import { Moves, type AdjustRequest, type TransferRequest } from './moves.ts';
import { burnOf, lotsOf, type Burn, type LotView } from './reading.ts';
import { postingsOf } from './store/transactions.ts';

/** Points as zero-sum transactions over lots. Every method that takes a `Tx` writes inside the caller's command. */
export class Ledger {
  readonly #journal: Journal;
  readonly #issue: Issue;
  readonly #debts: Debts;
  readonly #holds: Holds;
  readonly #expiry: Expiry;
  readonly #moves: Moves;

  constructor(chance: Chance, clearing: ClearingPort) {
    this.#journal = new Journal(chance);
    this.#debts = new Debts(this.#journal, clearing);
    this.#issue = new Issue(this.#journal, this.#debts, clearing);
    this.#holds = new Holds(this.#journal, this.#debts, clearing);
    this.#expiry = new Expiry(this.#journal, clearing);
    this.#moves = new Moves(this.#journal, this.#debts, clearing);
  }

  /** Issues points as one lot, available at once or pending; what the member owes is paid back first. */
  earn(tx: Tx, request: EarnRequest): Promise<Earned> {
    return this.#issue.earn(tx, request);
  }

  /** Makes pending points available whose day has come. */
  vest(tx: Tx, limit: number): Promise<Vested> {
    return this.#issue.vest(tx, limit);
  }

  /** Makes pending points available that wait for an event, of one issuer or of all. */
  vestOn(tx: Tx, event: string, issuer: string | undefined, limit: number): Promise<Vested> {
    return this.#issue.vestOn(tx, event, issuer, limit);
  }

  /** Takes back the points of a sale that was refunded: pending, available, then debt. */
  clawback(tx: Tx, request: ClawbackRequest): Promise<ClawedBackPoints> {
    return this.#debts.clawback(tx, request);
  }

  /**
   * Sets points aside, from the lots that expire first.
   * `orOwe` lets the rest become debt: only for what has already happened in the world (a replayed grant).
   */
  hold(tx: Tx, request: HoldRequest, orOwe = false): Promise<Result<Balances, { missing: number }>> {
    return this.#holds.hold(tx, request, orOwe);
  }

  /** Burns held points: all, or the first `points` of them, and the rest is free again. */
  capture(tx: Tx, key: HoldKey, points?: number): Promise<void> {
    return this.#holds.capture(tx, key, points);
  }

  /** The same points go back to the same lots, with their expiry. */
  release(tx: Tx, key: HoldKey): Promise<void> {
    return this.#holds.release(tx, key);
  }

  /** A part of what was captured comes back to its lots, with their old earn time and expiry. */
  refund(tx: Tx, key: HoldKey, points: number, reason: string): Promise<void> {
    return this.#holds.refund(tx, key, points, reason);
  }

  /** Corrects a capture that was wrong: points come back out of `redeemed` to their lots. */
  uncapture(tx: Tx, key: HoldKey): Promise<void> {
    return this.#holds.uncapture(tx, key);
  }

  /** Corrects a release that was wrong: takes the points after all; what is not there any more is owed. */
  charge(tx: Tx, key: HoldKey): Promise<void> {
    return this.#holds.charge(tx, key);
  }

  /** Moves points to another member: each lot keeps who issued it, its age and its expiry. */
  transfer(tx: Tx, request: TransferRequest): Promise<Result<void, { missing: number }>> {
    return this.#moves.transfer(tx, request);
  }

  /** Books what two staff agreed on; answers the transaction. */
  adjust(tx: Tx, request: AdjustRequest): Promise<Result<string, { missing: number }>> {
    return this.#moves.adjust(tx, request);
  }

  /** Moves the rest of lots whose time is over to `expired`; returns how many lots that were. */
  expire(tx: Tx, limit: number): Promise<number> {
    return this.#expiry.expire(tx, limit);
  }

  async balancesOf(db: Db, memberId: string): Promise<Balances> {
    const { pending, available, held, debt } = await this.#journal.balancesOf(db, memberId);
    return { pending, available, held, debt };
  }

  /** A member's lots with points left, in the order of burning. */
  lots(db: Db, memberId: string): Promise<LotView[]> {
    return lotsOf(db, memberId);
  }

  /** A hold with its lots and its transactions: where its points came from. Undefined where there is none. */
  burn(db: Db, key: HoldKey): Promise<Burn | undefined> {
    return burnOf(db, key);
  }

  /** A member's postings, newest transaction first; `before` is the last transaction of the page before. */
  async history(db: Db, memberId: string, page: { limit: number; before?: string }) {
    return postingsOf(db, memberId, page.limit, page.before);
  }
}
