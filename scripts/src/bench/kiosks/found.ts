import { randomBytes } from 'node:crypto';
import { privateKeyOfSeed, publicKeyText } from '@tessera/shared/credentials/signature';
import type { Server } from '@tessera/server/app';
import { ok } from '@tessera/shared/result';
import { addSlotGift, must } from '../redemptions/fleet.ts';

/** A kiosk that has been enrolled, and the key of its device (Ed25519 seed, hex). */
export type EnrolledKiosk = { readonly kioskId: string; readonly seed: string };

/** Commands that commit together. */
const AT_ONCE = 60;

/** Founds an alliance of kiosks that all have one gift in one slot: a new price of it changes what every kiosk shows. */
export async function foundCrowd(
  server: Server,
  kiosks: number,
): Promise<{ rewardId: string; kiosks: readonly EnrolledKiosk[] }> {
  const { rewardId } = await addSlotGift(server, 1);
  const crowd: EnrolledKiosk[] = [];
  while (crowd.length < kiosks) {
    const next = Math.min(AT_ONCE, kiosks - crowd.length);
    const from = crowd.length;
    crowd.push(...(await Promise.all(Array.from({ length: next }, (_, at) => install(server, from + at, rewardId)))));
  }
  return { rewardId, kiosks: crowd };
}

async function install(server: Server, index: number, rewardId: string): Promise<EnrolledKiosk> {
  const { kiosks, stock } = server.fleet;
  const seed = randomBytes(32);
  const { kioskId, enrolmentCode } = await must(server, 'kiosk.create', async (tx) =>
    ok(await kiosks.create(tx, `Kiosk ${String(index)}`)),
  );
  await must(server, 'planogram', (tx) => stock.setPlanogram(tx, kioskId, [{ slot: 1, rewardId, capacity: 10 }]));
  await must(server, 'enrol', (tx) => kiosks.enrol(tx, enrolmentCode, publicKeyText(privateKeyOfSeed(seed))));
  return { kioskId, seed: seed.toString('hex') };
}
