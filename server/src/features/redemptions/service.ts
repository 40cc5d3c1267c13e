import type { BookEvent } from '@tessera/shared/redemption/books';
import type { Db } from '../../platform/database/database.ts';
import type { Tx } from '../../platform/commands/commands.ts';
import { assert } from '@tessera/shared/result';
import type { Bookkeeper } from './bookkeeper.ts';
import * as store from './store.ts';
import type { RedemptionRow } from './store.ts';

/** Reading redemptions, and settling those in doubt by a count. */
export class Redemptions {
  readonly #bookkeeper: Bookkeeper;

  constructor(bookkeeper: Bookkeeper) {
    this.#bookkeeper = bookkeeper;
  }

  async find(db: Db, redemptionId: string): Promise<RedemptionRow | undefined> {
    return (await store.redemptionById(db, { redemptionId }))[0];
  }

  async list(db: Db, filter: store.RedemptionFilter): Promise<RedemptionRow[]> {
    return store.listRedemptions(db, filter);
  }

  /** The timeline of one redemption, oldest first. */
  async timeline(db: Db, redemptionId: string) {
    return store.eventsOf(db, redemptionId);
  }

  /** Rewards of which this member has had as many as allowed. */
  async limitedFor(
    db: Db,
    memberId: string,
    rewards: readonly { rewardId: string; perMemberLimit: number | null }[],
  ): Promise<string[]> {
    if (rewards.every((reward) => reward.perMemberLimit === null)) return [];
    const taken = new Map((await store.usesOf(db, { memberId })).map((use) => [use.reward_id, use.taken]));
    return rewards
      .filter(({ rewardId, perMemberLimit }) => perMemberLimit !== null && (taken.get(rewardId) ?? 0) >= perMemberLimit)
      .map((reward) => reward.rewardId);
  }

  /** True where an order is in doubt whose gift may have come from this slot, or from another: nobody has said from which. */
  async isUnknownWhichTurned(
    db: Db,
    slot: { kiosk_id: string; slot: number; reward_id: string | null },
  ): Promise<boolean> {
    return (await store.inDoubtOnSomeSlot(db, slot.kiosk_id, slot.slot, slot.reward_id)).length > 0;
  }

  /** A valid blind count proves that all in doubt on a slot fell, or that none did. */
  async settleByCount(tx: Tx, key: { kioskId: string; slot: number }, fell: boolean): Promise<void> {
    const event: BookEvent = fell ? 'count_fell' : 'count_absent';
    for (const row of await store.inDoubtOnSlot(tx.db, key.kioskId, key.slot)) {
      const applied = await this.#bookkeeper.apply(tx, row, event, { detail: { by: 'count' } });
      assert(applied.ok, 'what is in doubt can be counted');
    }
  }
}
