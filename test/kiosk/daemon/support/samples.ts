import { createPublicKey } from 'node:crypto';
import { formatPickupCode } from '@tessera/shared/credentials/pickup-code';
import { privateKeyOfSeed, publicKeyText } from '@tessera/shared/credentials/signature';
import { formatRotatingQr } from '@tessera/shared/credentials/rotating-qr';
import { memberIdOf } from '@tessera/shared/ids/member-id';
import { encodeUlid } from '@tessera/shared/ids/ulid';
import type { KioskConfig, RewardView, SlotView } from '@tessera/shared/protocol/kiosk-parts';

/** The n-th id of a test. */
export const idOf = (n: number): string => encodeUlid(1_790_000_000_000, Buffer.alloc(10, n));

export const START_MS = 1_795_000_000_000;
export const kioskId = `k${idOf(1)}`;
const serverKey = privateKeyOfSeed(Buffer.alloc(32, 7));
export const memberId = memberIdOf(123_456_789);
export const qr = formatRotatingQr(Buffer.alloc(32, 3), idOf(9), 1);
export const otherQr = formatRotatingQr(Buffer.alloc(32, 3), idOf(9), 2);
export const cardUid = '0A1B2C3D4E';

const texts = (word: string): RewardView['name'] => ({ zh: word, en: word, ar: word });
export const tea: RewardView = {
  rewardId: idOf(20),
  name: texts('Tea'),
  about: texts('A tin'),
  price: 300,
  picture: null,
};
export const clock: RewardView = {
  rewardId: idOf(21),
  name: texts('Clock'),
  about: texts('Ticks'),
  price: 5000,
  picture: null,
};

const slotOf = (slot: number, reward: RewardView, change: Partial<SlotView> = {}): SlotView => ({
  slot,
  rewardId: reward.rewardId,
  capacity: 10,
  onHand: 5,
  available: 5,
  inService: true,
  serviceEpoch: 1,
  ...change,
});

export const sampleConfig = (change: Partial<KioskConfig> = {}): KioskConfig => ({
  kioskName: 'Test kiosk',
  planogram: { version: 3, revision: 10, slots: [slotOf(1, tea), slotOf(2, tea, { available: 4 }), slotOf(3, clock)] },
  rewards: [tea, clock],
  keys: [{ keyId: 'main', publicKey: publicKeyText(createPublicKey(serverKey)) }],
  help: '+49 123',
  revokedPickups: [],
  usedPickups: [],
  ...change,
});

/** A pick-up code of the n-th order. */
export const pickupCode = (n: number, change: { expiresAtMs?: number; kioskId?: string } = {}): string =>
  formatPickupCode(
    {
      keyId: 'main',
      kioskId,
      redemptionId: idOf(n),
      rewardId: tea.rewardId,
      price: 250,
      expiresAtMs: START_MS + 3_600_000,
      ...change,
    },
    serverKey,
  );
