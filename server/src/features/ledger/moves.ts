import { isAmount } from '@tessera/shared/points';
import { assert, ok, type Result } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import { NEVER } from '../../platform/database/schema/ledger.ts';
import type { ClearingPort } from './clearing-port.ts';
import type { Debts } from './debts.ts';
import type { Journal, NewLot } from './journal.ts';
import { lotById, type LotRow } from './store/lots.ts';
import { rememberRenewal } from './store/transactions.ts';
import { linesOut, Takings, type IssuedPart } from './takings.ts';

/** Points that one member gives another. */
export interface TransferRequest {
  readonly transferId: string;
  readonly from: string;
  readonly to: string;
  readonly points: number;
  readonly reason: string;
}

/** A change by hand that two staff agreed on. */
export interface AdjustRequest {
  readonly adjustmentId: string;
  readonly memberId: string;
  /** Positive gives, negative takes. */
  readonly points: number;
  /** Of points that are given: ms since the epoch, null for never. */
  readonly expiresAt: number | null;
  readonly reason: string;
}

type Missing = { readonly missing: number };

/** Points that change hands, or are set right by hand. */
export class Moves {
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

  /** Moves points from one member to another: each lot keeps who issued it, its age and its expiry. */
  async transfer(tx: Tx, request: TransferRequest): Promise<Result<void, Missing>> {
    const { from, to, points, reason, transferId: reference } = request;
    assert(from !== to && isAmount(points) && points > 0, 'points move to somebody else');
    const took = await this.#takings.take(tx, from, points, false);
    if (!took.ok) return took;
    const about = { kind: 'transfer', reason, reference } as const;
    await this.#journal.post(tx, { ...about, memberId: from }, [
      ...linesOut(took.value),
      { account: 'transferred', points },
    ]);
    const made: NewLot[] = [];
    for (const part of took.value.taken) made.push(await this.#copyOf(tx, from, part));
    const { after } = await this.#journal.post(
      tx,
      { ...about, memberId: to },
      [
        { account: 'transferred', points: -points },
        ...made.map((lot) => ({ account: 'member:available', lotId: lot.lot_id, points: lot.points }) as const),
      ],
      made,
    );
    if (made.some((lot) => lot.idle_ms !== null)) await rememberRenewal(tx.db, { memberId: to });
    for (const lot of made) {
      if (lot.origin_lot_id === null) continue;
      const origin = { memberId: from, lotId: lot.origin_lot_id };
      await this.#clearing.handedOn(tx, { from: origin, to: { memberId: to, lotId: lot.lot_id } });
    }
    await this.#debts.repay(tx, to, after);
    return ok(undefined);
  }

  /** Gives points of the operator, or takes what is there in the order of burning; answers the transaction. */
  async adjust(tx: Tx, request: AdjustRequest): Promise<Result<string, Missing>> {
    assert(request.points !== 0, 'an adjustment changes something');
    return request.points > 0 ? ok(await this.#give(tx, request)) : this.#takeAway(tx, request);
  }

  async #copyOf(tx: Tx, memberId: string, part: IssuedPart): Promise<NewLot> {
    const lot = await lotById(tx.db, memberId, part.lotId);
    assert(lot !== undefined, 'a lot that gave points is there');
    return { ...freshLot(lot, part.points), lot_id: this.#journal.newId(tx), origin_lot_id: part.lotId };
  }

  async #give(tx: Tx, { adjustmentId, memberId, points, expiresAt, reason }: AdjustRequest): Promise<string> {
    const lotId = this.#journal.newId(tx);
    const life = { earned_at: tx.at, expires_at: expiresAt ?? NEVER, idle_ms: null };
    const origin = { issuer: null, rule: 'adjustment', accrual_id: null };
    const lot = { ...freshLot({ ...origin, ...life }, points), lot_id: lotId, origin_lot_id: null };
    const { transactionId, after } = await this.#journal.post(
      tx,
      { memberId, kind: 'adjust', reason, reference: adjustmentId },
      [
        { account: 'issuance', points: -points },
        { account: 'member:available', lotId, points },
      ],
      [lot],
    );
    await this.#clearing.issued(tx, { transactionId, memberId, lotId, issuer: null, points, accrualId: null });
    await this.#debts.repay(tx, memberId, after);
    return transactionId;
  }

  /** To clearing they are points that end unused, like expired ones. */
  async #takeAway(tx: Tx, request: AdjustRequest): Promise<Result<string, Missing>> {
    const { adjustmentId, memberId, points, reason } = request;
    const took = await this.#takings.take(tx, memberId, -points, false);
    if (!took.ok) return took;
    const about = { memberId, kind: 'adjust', reason, reference: adjustmentId } as const;
    const { transactionId } = await this.#journal.post(tx, about, [
      ...linesOut(took.value),
      { account: 'issuance', points: -points },
    ]);
    for (const part of took.value.taken) await this.#clearing.expired(tx, { transactionId, memberId, ...part });
    return ok(transactionId);
  }
}

type Origin = Pick<LotRow, 'issuer' | 'rule' | 'accrual_id' | 'earned_at' | 'expires_at' | 'idle_ms'>;

/** A lot of points that are all available. */
function freshLot({ issuer, rule, accrual_id, earned_at, expires_at, idle_ms }: Origin, points: number) {
  const origin = { issuer, rule, accrual_id, earned_at, expires_at, idle_ms };
  return { ...origin, points, remaining: points, pending: 0, vest_at: null, vest_on: null };
}
