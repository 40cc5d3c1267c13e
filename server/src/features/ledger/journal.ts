import type { Chance } from '@tessera/shared/ports';
import { assert } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import type { PointTransactionKind } from '../../platform/database/schema/ledger.ts';
import { RisingIds } from './rising-ids.ts';
import { balanced, changeOf, type Posting } from './postings.ts';
import { changeLot, insertLot, renewLots, type LotRow } from './store/lots.ts';
import * as store from './store/transactions.ts';

/** A member's points; `debt` is what is owed, as a positive number. */
export interface Balances {
  readonly pending: number;
  readonly available: number;
  readonly held: number;
  readonly debt: number;
}

/** What a transaction is about. */
export interface About {
  readonly memberId: string;
  readonly kind: PointTransactionKind;
  readonly reason: string;
  readonly holdId?: string;
  readonly accrualId?: string;
  readonly reference?: string;
}

/** A lot that its transaction makes. */
export type NewLot = Omit<LotRow, 'transaction_id' | 'member_id'>;

export interface Posted {
  readonly transactionId: string;
  readonly after: Balances & { readonly renews: number };
}

const NOTHING = { pending: 0, available: 0, held: 0, debt: 0, renews: 0 };

/** What keeps points alive that live on activity: a member earns, spends or gives. */
const isActivity = (kind: PointTransactionKind): boolean => kind === 'earn' || kind === 'hold' || kind === 'transfer';

/** The one pen that writes point transactions: postings, the lots that they move, and the member's roll-up, together. */
export class Journal {
  readonly #ids: RisingIds;

  constructor(chance: Chance) {
    this.#ids = new RisingIds(chance);
  }

  newId(tx: Tx): string {
    return this.#ids.next(tx.at);
  }

  async balancesOf(db: Db, memberId: string): Promise<Posted['after']> {
    return (await store.balanceOf(db, { memberId }))[0] ?? NOTHING;
  }

  /**
   * Writes a transaction. A line that names a lot moves that lot's points as well; lots in `made` begin with the points
   * that their rows say. A transaction of nothing leaves no trace.
   */
  async post(tx: Tx, about: About, postings: readonly Posting[], made: readonly NewLot[] = []): Promise<Posted> {
    const { memberId } = about;
    const transactionId = this.newId(tx);
    const lines = balanced(postings);
    if (lines.length === 0) return { transactionId, after: await this.balancesOf(tx.db, memberId) };
    await store.insertTransaction(tx.db, {
      member_id: memberId,
      transaction_id: transactionId,
      kind: about.kind,
      hold_id: about.holdId ?? null,
      accrual_id: about.accrualId ?? null,
      reference: about.reference ?? null,
      reason: about.reason,
      actor: tx.actor,
      at: tx.at,
    });
    for (const lot of made) {
      await insertLot(tx.db, { ...lot, member_id: memberId, transaction_id: transactionId });
    }
    const fresh = new Set(made.map((lot) => lot.lot_id));
    await moveLots(tx, memberId, lines, fresh);
    const rows = lines.map((posting, index) => ({
      member_id: memberId,
      transaction_id: transactionId,
      line: index + 1,
      account: posting.account,
      lot_id: 'lotId' in posting ? posting.lotId : null,
      points: posting.points,
    }));
    await store.insertPostings(tx.db, rows);
    const change = { memberId, ...changeOf(lines) };
    const [after] = await store.changeBalance(tx.db, change);
    if (after) {
      if (after.renews === 1 && isActivity(about.kind)) await renewLots(tx.db, { memberId, at: tx.at });
      return { transactionId, after };
    }
    const [opened] = await store.openBalance(tx.db, change);
    assert(opened !== undefined, 'a member’s first transaction opens the roll-up');
    return { transactionId, after: opened };
  }
}

async function moveLots(
  tx: Tx,
  memberId: string,
  lines: readonly Posting[],
  fresh: ReadonlySet<string>,
): Promise<void> {
  const moves = new Map<string, { remaining: number; pending: number }>();
  for (const line of lines) {
    if (!('lotId' in line) || fresh.has(line.lotId)) continue;
    const move = moves.get(line.lotId) ?? { remaining: 0, pending: 0 };
    if (line.account === 'member:pending') move.pending += line.points;
    else move.remaining += line.points;
    moves.set(line.lotId, move);
  }
  for (const [lotId, move] of moves) {
    const [moved] = await changeLot(tx.db, { memberId, lotId, ...move });
    assert(moved !== undefined, 'a lot that was just read still has its points');
  }
}
