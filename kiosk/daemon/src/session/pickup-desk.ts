import type { KeyObject } from 'node:crypto';
import { verifyPickupCode, type PickupClaim } from '@tessera/shared/credentials/pickup-code';
import { publicKeyOfText } from '@tessera/shared/credentials/signature';
import type { ProblemCode } from '@tessera/shared/problem';
import type { KioskConfig, RewardView, SlotView } from '@tessera/shared/protocol/kiosk-parts';
import { err, ok, type Result } from '@tessera/shared/result';
import type { VendState } from '@tessera/shared/redemption/vend';
import type { Pickup } from '../redemption/events.ts';
import { slotForPickup } from './offers.ts';

export type PickupFacts = {
  readonly kioskId: string;
  readonly nowMs: number;
  readonly config: KioskConfig;
  readonly slots: readonly SlotView[];
  readonly stateOf: (redemptionId: string) => VendState;
  /** False while the kiosk cannot know which codes were used: then none is served. */
  readonly usedKnown: boolean;
};

export type AcceptedPickup = { readonly order: Pickup; readonly reward: RewardView };

/** The sentence for a code that this kiosk does not accept. */
const codeProblem = {
  forged: 'pickup_code_invalid',
  other_kiosk: 'pickup_code_invalid',
  expired: 'pickup_code_expired',
} as const;

/**
 * Decides on a pick-up code without network: signed for this kiosk, not expired, never used, not withdrawn, and the gift
 * stands here. The journal then makes it single-use. Pure.
 */
export function examinePickup(text: string, facts: PickupFacts): Result<AcceptedPickup, ProblemCode> {
  const { kioskId, nowMs, config, slots, usedKnown } = facts;
  if (!usedKnown) return err('unavailable');
  const claim = verifyPickupCode(text, { keys: keysOf(config), kioskId, nowMs });
  if (!claim.ok) return err(codeProblem[claim.error]);
  const refused = useRefused(claim.value, facts);
  if (refused) return err(refused);
  const { redemptionId, rewardId, price } = claim.value;
  const slot = slotForPickup(slots, rewardId);
  if (!slot) return err('out_of_stock');
  return ok({
    order: { redemptionId, rewardId, price, slot: slot.slot, code: text },
    reward: rewardOf(config, claim.value),
  });
}

function useRefused({ redemptionId }: PickupClaim, { config, stateOf }: PickupFacts): ProblemCode | undefined {
  if (config.revokedPickups.includes(redemptionId)) return 'pickup_code_invalid';
  if (config.usedPickups.includes(redemptionId) || stateOf(redemptionId) !== 'none') return 'pickup_code_used';
  return undefined;
}

/** The reward as it was ordered: at the price that was paid, also where it has been withdrawn from the catalogue since. */
function rewardOf({ rewards }: KioskConfig, { rewardId, price }: PickupClaim): RewardView {
  const reward = rewards.find((each) => each.rewardId === rewardId);
  if (reward) return { ...reward, price };
  const nameless = { zh: '礼品', en: 'Gift', ar: 'هدية' };
  return { rewardId, name: nameless, about: { zh: '', en: '', ar: '' }, price, picture: null };
}

const read = new WeakMap<KioskConfig['keys'], ReadonlyMap<string, KeyObject>>();

/** The server's keys, read once for each configuration: reading one costs more than checking a signature with it. */
function keysOf({ keys }: KioskConfig): ReadonlyMap<string, KeyObject> {
  const known = read.get(keys);
  if (known) return known;
  const made = new Map<string, KeyObject>();
  for (const { keyId, publicKey } of keys) {
    const key = publicKeyOfText(publicKey);
    if (key) made.set(keyId, key);
  }
  read.set(keys, made);
  return made;
}
