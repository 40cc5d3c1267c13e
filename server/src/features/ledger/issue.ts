import { isAmount } from '@tessera/shared/points';
import { assert } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import { NEVER } from '../../platform/database/schema/ledger.ts';
import type { ClearingPort } from './clearing-port.ts';
import type { Debts } from './debts.ts';
import type { Journal, NewLot } from './journal.ts';
import * as lots from './store/lots.ts';
import { rememberRenewal } from './store/transactions.ts';

export interface EarnRequest {
  readonly memberId: string;
  /** The merchant that issues them, null for the operator. */
  readonly issuer: string | null;
  readonly rule: string;
  readonly points: number;
  /** ms since the epoch, null for never. */
  readonly expiresAt: number | null;
  /** They expire so long after the member's last activity, in ms; `expiresAt` is then not asked for. */
  readonly idleMs?: number;
  /** They are not available before this time or this event, whichever comes first. */
  readonly pending?: { readonly until?: number; readonly event?: string };
  readonly accrualId?: string;
  readonly reason: string;
}

export interface Earned {
  readonly transactionId: string;
  readonly lotId: string;
  readonly available: number;
}

/** What waited and came of age. */
export interface Vested {
  readonly lots: number;
  readonly points: number;
}

type WaitingLot = Awaited<ReturnType<typeof lots.dueLots>>[number];

/** Points come into being here: one lot at a time, at once or pending. */
export class Issue {
  readonly #journal: Journal;
  readonly #debts: Debts;
  readonly #clearing: ClearingPort;

  constructor(journal: Journal, debts: Debts, clearing: ClearingPort) {
    this.#journal = journal;
    this.#debts = debts;
    this.#clearing = clearing;
  }

  /** Issues points as one lot. What the member owes is paid from them, as soon as they are available. */
  async earn(tx: Tx, request: EarnRequest): Promise<Earned> {
    const { memberId, issuer, points, idleMs, reason, accrualId } = request;
    assert(isAmount(points) && points > 0, 'earned points are a positive amount');
    const lotId = this.#journal.newId(tx);
    const account = request.pending ? 'member:pending' : 'member:available';
    const lot = lotOf(lotId, request, tx.at);
    const { transactionId, after } = await this.#journal.post(
      tx,
      { memberId, kind: 'earn', reason, ...(accrualId === undefined ? {} : { accrualId }) },
      [
        { account: 'issuance', points: -points },
        { account, lotId, points },
      ],
      [lot],
    );
    if (after.renews === 1) await lots.renewLots(tx.db, { memberId, at: tx.at });
    else if (idleMs !== undefined) await rememberRenewal(tx.db, { memberId });
    const sale = { accrualId: accrualId ?? null };
    await this.#clearing.issued(tx, { transactionId, memberId, lotId, issuer, points, ...sale });
    const { available } = await this.#debts.repay(tx, memberId, after);
    return { transactionId, lotId, available };
  }

  /** Makes pending points available whose day has come; answers what it did, at most `limit` lots. */
  async vest(tx: Tx, limit: number): Promise<Vested> {
    return this.#vest(tx, await lots.dueLots(tx.db, tx.at, limit), 'its day has come');
  }

  /** Makes pending points available that wait for an event: all, or those of one issuer. At most `limit` lots. */
  async vestOn(tx: Tx, event: string, issuer: string | undefined, limit: number): Promise<Vested> {
    return this.#vest(tx, await lots.waitingLots(tx.db, event, issuer, limit), 'event', event);
  }

  async #vest(tx: Tx, waiting: readonly WaitingLot[], reason: string, event?: string): Promise<Vested> {
    let points = 0;
    for (const { member_id: memberId, lot_id: lotId, pending, accrual_id: accrualId } of waiting) {
      const { after } = await this.#journal.post(
        tx,
        {
          memberId,
          kind: 'vest',
          reason,
          ...(accrualId === null ? {} : { accrualId }),
          ...(event === undefined ? {} : { reference: event }),
        },
        [
          { account: 'member:pending', lotId, points: -pending },
          { account: 'member:available', lotId, points: pending },
        ],
      );
      await this.#debts.repay(tx, memberId, after);
      points += pending;
    }
    return { lots: waiting.length, points };
  }
}

/** The lot that a request asks for. */
function lotOf(lotId: string, request: EarnRequest, at: number): NewLot {
  const { points, pending, idleMs } = request;
  assert(!pending || pending.until !== undefined || pending.event !== undefined, 'pending points wait for something');
  return {
    lot_id: lotId,
    issuer: request.issuer,
    rule: request.rule,
    accrual_id: request.accrualId ?? null,
    earned_at: at,
    expires_at: idleMs === undefined ? (request.expiresAt ?? NEVER) : at + idleMs,
    idle_ms: idleMs ?? null,
    points,
    remaining: pending ? 0 : points,
    pending: pending ? points : 0,
    vest_at: pending?.until ?? null,
    vest_on: pending?.event ?? null,
    origin_lot_id: null,
  };
}
