import type { KioskConfig, SlotView } from '@tessera/shared/protocol/kiosk-parts';
import type { Db } from '../../platform/database/database.ts';
import type { ServerKeys } from '../../platform/signing/server-keys.ts';
import type { KioskRow } from '../kiosks/index.ts';
import type { Pickups } from '../pickups/index.ts';
import type { OfferedReward, RewardsPort } from '../redemptions/index.ts';
import { isOffered } from '../rewards/index.ts';
import type { SlotRow, Stock } from '../stock/index.ts';

interface ConfigOptions {
  readonly stock: Stock;
  readonly rewards: RewardsPort;
  readonly pickups: Pickups;
  readonly keys: ServerKeys;
  /** Shown with failures and doubts: a telephone number or address. */
  readonly help: string;
}

const viewSlot = (slot: SlotRow): SlotView => ({
  slot: slot.slot,
  rewardId: slot.reward_id,
  capacity: slot.capacity,
  onHand: slot.on_hand,
  available: Math.max(0, slot.on_hand - slot.reserved),
  inService: slot.in_service === 1,
  serviceEpoch: slot.service_epoch,
});

/** Everything that a kiosk keeps from the server, as it stands now. */
export class KioskConfigs {
  readonly #options: ConfigOptions;

  constructor(options: ConfigOptions) {
    this.#options = options;
  }

  /** The configuration of one kiosk, whole. */
  async of(db: Db, kiosk: KioskRow, at: number): Promise<KioskConfig> {
    const { stock, pickups, keys, help } = this.#options;
    const slots = await stock.slots(db, kiosk.kiosk_id);
    const rewards = await this.#offered(db, slots, at);
    const orders = await pickups.listsFor(db, kiosk.kiosk_id, at);
    return {
      kioskName: kiosk.name,
      planogram: {
        version: kiosk.planogram_version,
        revision: kiosk.config_revision,
        slots: slots.map(viewSlot),
      },
      rewards: rewards.map(({ rewardId, name, about, price, picture }) => ({ rewardId, name, about, price, picture })),
      keys: [...keys.published],
      help,
      ...orders,
    };
  }

  /** The rewards that this kiosk offers now. */
  async rewardsOf(db: Db, kioskId: string, at: number): Promise<OfferedReward[]> {
    return this.#offered(db, await this.#options.stock.slots(db, kioskId), at);
  }

  async #offered(db: Db, slots: readonly SlotRow[], at: number): Promise<OfferedReward[]> {
    const ids = new Set(slots.map((slot) => slot.reward_id).filter((id) => id !== null));
    const rewards: OfferedReward[] = [];
    for (const id of ids) {
      const reward = await this.#options.rewards.find(db, id);
      if (reward && isOffered(reward, at)) rewards.push(reward);
    }
    return rewards;
  }
}
