import type { MemberView } from '@tessera/shared/protocol/kiosk';
import type { KioskConfig, RewardView, SlotView } from '@tessera/shared/protocol/kiosk-parts';
import type { Gift, Offer } from '@tessera/shared/protocol/ui';

/** A server's picture path → the daemon's, or null while it is not cached. */
export type PicturePath = (serverPath: string | null) => string | null;

/** A reward as the screen shows it. */
export const giftOf = ({ rewardId, name, about, price, picture }: RewardView, picturePath: PicturePath): Gift => ({
  rewardId,
  name,
  about,
  price,
  picture: picturePath(picture),
});

/** True where a walk-up can be promised from this slot. */
export const canPromise = ({ inService, available, onHand }: SlotView): boolean =>
  inService && available > 0 && onHand > 0;

/** The slot a walk-up is served from: the fullest, so that spirals empty evenly; ties by the lower number. */
export function slotForWalkUp(slots: readonly SlotView[], rewardId: string): SlotView | undefined {
  return fullest(
    slots.filter((slot) => slot.rewardId === rewardId && canPromise(slot)),
    ({ available }) => available,
  );
}

/** The slot a pick-up is served from: one where units are reserved before one where none is; a unit must be there. */
export function slotForPickup(slots: readonly SlotView[], rewardId: string): SlotView | undefined {
  return fullest(
    slots.filter((slot) => slot.rewardId === rewardId && slot.inService && slot.onHand > 0),
    ({ onHand, available }) => onHand - available,
  );
}

function fullest(slots: readonly SlotView[], measure: (slot: SlotView) => number): SlotView | undefined {
  return [...slots].sort((a, b) => measure(b) - measure(a) || a.slot - b.slot)[0];
}

/** Rewards that stand in this cabinet, whether or not there is one left. */
export function rewardsHere({ rewards }: KioskConfig, slots: readonly SlotView[]): RewardView[] {
  const here = new Set(slots.map(({ rewardId }) => rewardId));
  return rewards.filter(({ rewardId }) => here.has(rewardId));
}

const order: readonly Offer['state'][] = ['available', 'short', 'limit', 'sold_out'];

/** What a member can have here: affordable first, then what is short of points, then the rest; cheaper first among equals. */
export function offersFor(
  config: KioskConfig,
  slots: readonly SlotView[],
  member: MemberView,
  picturePath: PicturePath,
): Offer[] {
  const offers = rewardsHere(config, slots).map((reward): Offer => {
    const gift = giftOf(reward, picturePath);
    const missing = Math.max(0, reward.price - member.points);
    if (!slotForWalkUp(slots, reward.rewardId)) return { ...gift, state: 'sold_out', missing };
    if (member.limited.includes(reward.rewardId)) return { ...gift, state: 'limit', missing };
    return { ...gift, state: missing > 0 ? 'short' : 'available', missing };
  });
  return offers.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.price - b.price);
}
