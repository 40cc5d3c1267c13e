import { newUlid } from '@tessera/shared/ids/ulid';
import { isAmount, sum } from '@tessera/shared/points';
import type { Chance } from '@tessera/shared/ports';
import { assert, err, ok, type Result } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { NEVER, type PointTransactionKind } from '../../platform/database/schema/ledger.ts';
import type { ClearingPort } from './clearing-port.ts';
import { balanced, burn, type MemberAccount, type Posting } from './postings.ts';
import * as store from './store.ts';

/** A member's points; `debt` is what is owed, as a positive number. */
export interface Balances {
  readonly pending: number;
  readonly available: number;
  readonly held: number;
  readonly debt: number;
}

export interface EarnRequest {
  readonly memberId: string;
  /** The merchant that issues them, null for the operator. */
  readonly issuer: string | null;
  readonly rule: string;
  readonly points: number;
  /** ms since the epoch, null for never. */
  readonly expiresAt: number | null;
  readonly accrualId?: string;
  readonly reason: string;
}

/** Whose points, for which redemption. */
export interface HoldRequest {
  readonly redemptionId: string;
  readonly memberId: string;
  readonly points: number;
}

interface Reference {
  readonly redemptionId?: string;
  readonly accrualId?: string;
  readonly reason: string;
}

const NOTHING: Balances = { pending: 0, available: 0, held: 0, debt: 0 };

/** Points as zero-sum transactions over lots. Every method writes inside the caller's command. */
export class Ledger {
  readonly #chance: Chance;
  readonly #clearing: ClearingPort;

  constructor(chance: Chance, clearing: ClearingPort) {
    this.#chance = chance;
    this.#clearing = clearing;
  }

  /** Issues points as one lot; what the member owes is paid back first. */
  async earn(tx: Tx, request: EarnRequest): Promise<{ transactionId: string; available: number }> {
    const { memberId, points } = request;
    assert(isAmount(points) && points > 0, 'earned points are a positive amount');
    const before = await this.balancesOf(tx.db, memberId);
    const repaid = Math.min(before.debt, points);
    const lotId = newUlid({ nowMs: () => tx.at }, this.#chance);
    const transactionId = await this.#post(
      tx,
      'earn',
      [
        { account: 'issuance', points: -points },
        { account: 'member:debt', memberId, points: repaid },
        { account: 'member:available', memberId, points: points - repaid },
      ],
      { reason: request.reason, ...(request.accrualId === undefined ? {} : { accrualId: request.accrualId }) },
    );
    await store.insertLot(tx.db, {
      lot_id: lotId,
      member_id: memberId,
      issuer: request.issuer,
      rule: request.rule,
      earned_at: tx.at,
      expires_at: request.expiresAt ?? NEVER,
      points,
      remaining: points - repaid,
      transaction_id: transactionId,
    });
    await this.#clearing.issued(tx, { transactionId, memberId, lotId, issuer: request.issuer, points });
    return { transactionId, available: before.available + points - repaid };
  }

  /**
   * Sets points aside for a redemption, from the lots that expire first.
   * `orOwe` lets the rest become debt: only for what has already happened in the world (a replayed grant).
   */
  async hold(
    tx: Tx,
    { redemptionId, memberId, points }: HoldRequest,
    orOwe = false,
  ): Promise<Result<void, { missing: number }>> {
    const { taken, short } = burn(await store.burnableLots(tx.db, { memberId, at: tx.at }), points);
    if (short > 0 && !orOwe) return err({ missing: short });
    for (const part of taken) {
      await this.#takeLot(tx, part);
      await store.insertHoldLot(tx.db, { redemptionId, ...part });
    }
    await this.#post(
      tx,
      'hold',
      [
        { account: 'member:available', memberId, points: short - points },
        { account: 'member:debt', memberId, points: -short },
        { account: 'member:held', memberId, points },
      ],
      { redemptionId, reason: 'redemption' },
    );
    return ok(undefined);
  }

  /** The gift fell: held points are redeemed. The lots stay on record. */
  async capture(tx: Tx, { redemptionId, memberId, points }: HoldRequest): Promise<void> {
    const lines: Posting[] = [
      { account: 'member:held', memberId, points: -points },
      { account: 'redeemed', points },
    ];
    await this.#post(tx, 'capture', lines, { redemptionId, reason: 'redemption' });
  }

  /** The gift did not fall: the same points go back to the same lots, with their expiry. */
  async release(tx: Tx, hold: HoldRequest): Promise<void> {
    await this.#giveBack(tx, 'release', 'member:held', hold);
  }

  /** Corrects a capture that was wrong: points come back out of `redeemed` to their lots. */
  async refund(tx: Tx, hold: HoldRequest): Promise<void> {
    await this.#giveBack(tx, 'correct', 'redeemed', hold);
  }

  /** Corrects a release that was wrong: takes the points after all; what is not there any more is owed. */
  async charge(tx: Tx, { redemptionId, memberId, points }: HoldRequest): Promise<void> {
    const { taken, short } = burn(await store.burnableLots(tx.db, { memberId, at: tx.at }), points);
    for (const part of taken) {
      await this.#takeLot(tx, part);
      await store.insertHoldLot(tx.db, { redemptionId, ...part });
    }
    const lines: Posting[] = [
      { account: 'member:available', memberId, points: short - points },
      { account: 'member:debt', memberId, points: -short },
      { account: 'redeemed', points },
    ];
    await this.#post(tx, 'correct', lines, { redemptionId, reason: 'correction by two staff' });
  }

  /** Moves the rest of lots whose time is over to `expired`; returns how many lots that were. */
  async expire(tx: Tx, limit: number): Promise<number> {
    const lots = await store.expiredLots(tx.db, tx.at, limit);
    for (const { lot_id: lotId, member_id: memberId, remaining: points } of lots) {
      await this.#takeLot(tx, { lotId, points });
      const lines: Posting[] = [
        { account: 'member:available', memberId, points: -points },
        { account: 'expired', points },
      ];
      await this.#post(tx, 'expire', lines, { reason: `lot ${lotId}` });
    }
    return lots.length;
  }

  async balancesOf(db: Db, memberId: string): Promise<Balances> {
    const balances = { ...NOTHING };
    for (const { account, points } of await store.balancesOfMember(db, { memberId })) {
      if (account === 'member:pending') balances.pending = points;
      else if (account === 'member:available') balances.available = points;
      else if (account === 'member:held') balances.held = points;
      else if (account === 'member:debt') balances.debt = -points;
    }
    return balances;
  }

  /** A member's postings, newest transaction first; `before` is the last transaction of the page before. */
  async history(db: Db, memberId: string, page: { limit: number; before?: string }) {
    return store.postingsOf(db, memberId, page.limit, page.before);
  }

  async #giveBack(
    tx: Tx,
    kind: 'release' | 'correct',
    from: 'member:held' | 'redeemed',
    { redemptionId, memberId, points }: HoldRequest,
  ): Promise<void> {
    const lots = await store.removeHoldLots(tx.db, { redemptionId });
    for (const lot of lots) await store.giveBackToLot(tx.db, { lotId: lot.lot_id, points: lot.points });
    const fromLots = sum(lots.map((lot) => lot.points));
    assert(fromLots <= points, 'lots cover no more than was held');
    await this.#post(
      tx,
      kind,
      [
        from === 'redeemed' ? { account: from, points: -points } : { account: from, memberId, points: -points },
        { account: 'member:available', memberId, points: fromLots },
        { account: 'member:debt', memberId, points: points - fromLots },
      ],
      { redemptionId, reason: kind === 'release' ? 'redemption' : 'correction by two staff' },
    );
  }

  async #takeLot(tx: Tx, part: { lotId: string; points: number }): Promise<void> {
    const [left] = await store.takeFromLot(tx.db, part);
    assert(left !== undefined, 'a lot that was just read still has its points');
  }

  async #post(tx: Tx, kind: PointTransactionKind, postings: readonly Posting[], about: Reference): Promise<string> {
    const transactionId = newUlid({ nowMs: () => tx.at }, this.#chance);
    await store.insertTransaction(tx.db, {
      transaction_id: transactionId,
      kind,
      redemption_id: about.redemptionId ?? null,
      accrual_id: about.accrualId ?? null,
      reason: about.reason,
      actor: tx.actor,
      at: tx.at,
    });
    let line = 0;
    for (const posting of balanced(postings)) {
      line += 1;
      const { account, points } = posting;
      const memberId = 'memberId' in posting ? posting.memberId : null;
      await store.insertPosting(tx.db, { transaction_id: transactionId, line, account, member_id: memberId, points });
      if (memberId !== null) await this.#roll(tx, memberId, account as MemberAccount, points);
    }
    return transactionId;
  }

  async #roll(tx: Tx, memberId: string, account: MemberAccount, points: number): Promise<void> {
    const change = { memberId, account, points };
    const [raised] = await store.raiseBalance(tx.db, change);
    if (raised) return;
    await store.openBalance(tx.db, change);
  }
}
