import type { Tx } from '../../platform/commands/commands.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Stock } from '../stock/index.ts';
import type { Bookkeeper } from './bookkeeper.ts';
import type { ResolutionRow } from './resolutions-store.ts';
import { giveBackUse, useReward, type RedemptionRow } from './store.ts';

/**
 * What two staff decide about a redemption that has ended otherwise: new postings and movements set the books right, its
 * state and its history stay what they were.
 */
export class Corrections {
  readonly #ledger: Ledger;
  readonly #stock: Stock;
  readonly #bookkeeper: Bookkeeper;

  constructor(ledger: Ledger, stock: Stock, bookkeeper: Bookkeeper) {
    this.#ledger = ledger;
    this.#stock = stock;
    this.#bookkeeper = bookkeeper;
  }

  /** `captured`: it fell after all. `released`: it did not. `dismissed`, or what the books say already: nothing moves. */
  async correct(tx: Tx, row: RedemptionRow, verdict: ResolutionRow['verdict']): Promise<void> {
    const paid = row.state === 'captured' ? row.corrections % 2 === 0 : row.corrections % 2 === 1;
    const moves = row.ended_at !== null && ((verdict === 'captured' && !paid) || (verdict === 'released' && paid));
    if (moves && verdict === 'captured') await this.#fell(tx, row);
    if (moves && verdict === 'released') await this.#stayed(tx, row);
    const corrections = row.corrections + (moves ? 1 : 0);
    await this.#bookkeeper.amend(tx, row, 'corrected', { corrections }, { verdict, moves });
  }

  async #fell(tx: Tx, row: RedemptionRow): Promise<void> {
    const { member_id: memberId, reward_id: rewardId, redemption_id: redemptionId, kiosk_id: kioskId, slot } = row;
    if (memberId !== null && rewardId !== null) {
      await this.#ledger.charge(tx, { holdId: redemptionId, memberId });
      await useReward(tx.db, { memberId, rewardId, limit: Number.MAX_SAFE_INTEGER });
    }
    if (slot !== null) await this.#stock.writeOffFallen(tx, { kioskId, slot }, 1, 'corrected', redemptionId);
  }

  async #stayed(tx: Tx, row: RedemptionRow): Promise<void> {
    const { member_id: memberId, reward_id: rewardId, redemption_id: redemptionId, kiosk_id: kioskId, slot } = row;
    if (memberId === null || rewardId === null) return;
    await this.#ledger.uncapture(tx, { holdId: redemptionId, memberId });
    await giveBackUse(tx.db, { memberId, rewardId });
    if (slot !== null) await this.#stock.bookFound(tx, { kioskId, slot }, 'corrected', redemptionId);
  }
}
