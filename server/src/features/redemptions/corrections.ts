import type { Tx } from '../../platform/commands/commands.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Stock } from '../stock/index.ts';
import type { Bookkeeper } from './bookkeeper.ts';
import type { CampaignsPort, RewardsPort } from './ports.ts';
import type { ResolutionRow } from './resolutions-store.ts';
import { giveBackUse, useReward, type RedemptionRow } from './store.ts';

interface CorrectionParts {
  readonly ledger: Ledger;
  readonly stock: Stock;
  readonly bookkeeper: Bookkeeper;
  readonly rewards: RewardsPort;
  readonly campaigns: CampaignsPort;
}

/**
 * What two staff decide about a redemption that has ended otherwise: new postings and movements set the books right, its
 * state and its history stay what they were.
 */
export class Corrections {
  readonly #parts: CorrectionParts;

  constructor(parts: CorrectionParts) {
    this.#parts = parts;
  }

  /** `captured`: it fell after all. `released`: it did not. `dismissed`, or what the books say already: nothing moves. */
  async correct(tx: Tx, row: RedemptionRow, verdict: ResolutionRow['verdict']): Promise<void> {
    const paid = row.state === 'captured' ? row.corrections % 2 === 0 : row.corrections % 2 === 1;
    const moves = row.ended_at !== null && ((verdict === 'captured' && !paid) || (verdict === 'released' && paid));
    if (moves && verdict === 'captured') await this.#fell(tx, row);
    if (moves && verdict === 'released') await this.#stayed(tx, row);
    const corrections = row.corrections + (moves ? 1 : 0);
    await this.#parts.bookkeeper.amend(tx, row, 'corrected', { corrections }, { verdict, moves });
  }

  async #fell(tx: Tx, row: RedemptionRow): Promise<void> {
    const { member_id: memberId, reward_id: rewardId, redemption_id: redemptionId, kiosk_id: kioskId, slot } = row;
    if (memberId !== null && rewardId !== null) {
      await this.#parts.ledger.charge(tx, { holdId: redemptionId, memberId });
      await useReward(tx.db, { memberId, rewardId, limit: Number.MAX_SAFE_INTEGER });
      const reward = await this.#parts.rewards.find(tx.db, rewardId);
      const taking = { memberId, holdId: redemptionId, points: row.price };
      const campaignId = reward?.campaignId ?? null;
      if (campaignId !== null) await this.#parts.campaigns.takeAnyway(tx, { campaignId, ...taking });
    }
    if (slot !== null) await this.#parts.stock.writeOffFallen(tx, { kioskId, slot }, 1, 'corrected', redemptionId);
  }

  async #stayed(tx: Tx, row: RedemptionRow): Promise<void> {
    const { member_id: memberId, reward_id: rewardId, redemption_id: redemptionId, kiosk_id: kioskId, slot } = row;
    if (memberId === null || rewardId === null) return;
    await this.#parts.ledger.uncapture(tx, { holdId: redemptionId, memberId });
    await giveBackUse(tx.db, { memberId, rewardId });
    await this.#parts.campaigns.giveBack(tx, { memberId, holdId: redemptionId });
    if (slot !== null) await this.#parts.stock.bookFound(tx, { kioskId, slot }, 'corrected', redemptionId);
  }
}
