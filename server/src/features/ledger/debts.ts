import { isAmount } from '@tessera/shared/points';
import { assert } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import type { BurnPart, ClearingPort } from './clearing-port.ts';
import type { Journal, Posted } from './journal.ts';
import { burn, type LotPart } from './lots.ts';
import type { Posting } from './postings.ts';
import * as lots from './store/lots.ts';

/** Points of a sale that was given back, in whole or by line. */
export interface ClawbackRequest {
  readonly memberId: string;
  readonly accrualId: string;
  readonly issuer: string | null;
  readonly points: number;
  readonly reason: string;
}

export interface ClawedBackPoints {
  readonly transactionId: string;
  readonly fromPending: number;
  readonly fromAvailable: number;
  readonly owed: number;
}

/** Whatever there is. */
const ALL = Number.MAX_SAFE_INTEGER;

/** Points that have to come back: from the lots that are there, and the rest is owed until more is earned. */
export class Debts {
  readonly #journal: Journal;
  readonly #clearing: ClearingPort;

  constructor(journal: Journal, clearing: ClearingPort) {
    this.#journal = journal;
    this.#clearing = clearing;
  }

  /** Pays what the member owes from what is available, as far as it goes. Called wherever points become available. */
  async repay(tx: Tx, memberId: string, now: Posted['after']): Promise<Posted['after']> {
    if (now.debt === 0 || now.available === 0) return now;
    const burnable = await lots.burnableLots(tx.db, { memberId, at: tx.at, points: now.debt });
    const { taken, short } = burn(burnable, now.debt);
    const about = { memberId, kind: 'repay', reason: 'what was owed' } as const;
    const posted = await this.#journal.post(tx, about, [
      ...taken.map(({ lotId, points }) => ({ account: 'member:available', lotId, points: -points }) as const),
      { account: 'member:debt', points: now.debt - short },
    ]);
    const { transactionId } = posted;
    for (const part of withIssuers(taken, burnable)) {
      await this.#clearing.repaid(tx, { transactionId, memberId, ...part });
    }
    return posted.after;
  }

  /** Takes a sale's points back: its own pending ones, its own available ones, other lots in the order of burning, then debt. */
  async clawback(tx: Tx, request: ClawbackRequest): Promise<ClawedBackPoints> {
    const { memberId, accrualId, issuer, points, reason } = request;
    assert(isAmount(points) && points > 0, 'points that are clawed back are a positive amount');
    const all = await lots.lotsOfAccrual(tx.db, memberId, accrualId);
    // Who gives points back takes its own before those that another one gave for the same sale.
    const own = [...all.filter((lot) => lot.issuer === issuer), ...all.filter((lot) => lot.issuer !== issuer)];
    const pending = burn(
      own.map((lot) => ({ ...lot, remaining: lot.pending })),
      points,
    );
    const fromOwn = burn(own, pending.short);
    const ids = new Set(own.map((lot) => lot.lot_id));
    const burnable = fromOwn.short === 0 ? [] : await lots.burnableLots(tx.db, { memberId, at: tx.at, points: ALL });
    const others = burn(
      burnable.filter((lot) => !ids.has(lot.lot_id)),
      fromOwn.short,
    );
    const available = [...fromOwn.taken, ...others.taken];
    const lines: Posting[] = [
      ...pending.taken.map((part) => ({ account: 'member:pending', lotId: part.lotId, points: -part.points }) as const),
      ...available.map((part) => ({ account: 'member:available', lotId: part.lotId, points: -part.points }) as const),
      { account: 'member:debt', points: -others.short },
      { account: 'issuance', points },
    ];
    const { transactionId } = await this.#journal.post(tx, { memberId, kind: 'clawback', accrualId, reason }, lines);
    const parts: BurnPart[] = withIssuers([...pending.taken, ...available], [...burnable, ...own]);
    if (others.short > 0) parts.push({ lotId: null, issuer: null, points: others.short });
    await this.#clearing.clawedBack(tx, { transactionId, memberId, accrualId, issuer, points, parts });
    const fromPending = points - pending.short;
    return { transactionId, fromPending, fromAvailable: pending.short - others.short, owed: others.short };
  }
}

type Issued = { readonly lot_id: string; readonly issuer: string | null };

/** Says of each part who issued its lot. */
function withIssuers(parts: readonly LotPart[], lots: readonly Issued[]) {
  const issuers = new Map(lots.map((lot) => [lot.lot_id, lot.issuer]));
  return parts.map((part) => ({ ...part, issuer: issuers.get(part.lotId) ?? null }));
}
