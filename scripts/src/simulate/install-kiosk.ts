import { SLOTS, type KioskHost } from './kiosk-host.ts';
import type { SeededChance } from './seeded-chance.ts';
import type { ServerHost } from './server-host.ts';
import type { VirtualTime } from './virtual-time.ts';

const CAPACITY = 10;

/** What one slot holds, and how much it could. */
export type Stocked = { readonly capacity: number; readonly goods: number };

/** What an engineer does once: registers a kiosk, fills and counts its slots, enrols its device and starts it. */
export async function install(
  kiosk: KioskHost,
  host: ServerHost,
  { name, rewards, stock }: { name: string; rewards: readonly string[]; stock?: readonly Stocked[] },
): Promise<void> {
  const { server } = host;
  if (!server) throw new Error('the server is up while the alliance is founded');
  const { kiosks, stock: books } = server.fleet;
  const { counts } = server.mainJob;
  const made = await host.must('kiosk.create', async (tx) => ({ ok: true, value: await kiosks.create(tx, name) }));
  const slots = Array.from({ length: SLOTS }, (_, index) => ({
    slot: index + 1,
    rewardId: rewards[index % rewards.length] ?? null,
    capacity: stock?.[index]?.capacity ?? CAPACITY,
  }));
  await host.must('planogram', (tx) => books.setPlanogram(tx, made.kioskId, slots));
  for (const { slot } of slots) {
    const key = { kioskId: made.kioskId, slot };
    const goods = stock?.[slot - 1]?.goods ?? CAPACITY;
    kiosk.cabinet.setGoods(slot, goods);
    await host.must('load', (tx) => books.load(tx, key, goods, 'first fill'));
    await host.must('count', (tx) => counts.count(tx, key, { counted: goods, tray: 0 }));
  }
  const enrolled = await kiosk.enrol(made.enrolmentCode, async (_path, body) => {
    const { code, publicKey } = body as { code: string; publicKey: string };
    const row = await host.must('kiosk.enrol', (tx) => kiosks.enrol(tx, code, publicKey));
    return { kioskId: row.kiosk_id, serverKeys: [] };
  });
  if (!enrolled) throw new Error('a kiosk could not be enrolled while all was calm');
  await kiosk.start();
}

/** Staff need this long to come. */
const COME_MS = 20 * 60_000;
const AGAIN_MS = 5_000;

/** Somebody comes with a fresh code, and enrols the device again, as often as it takes. */
export async function enrolAgain(
  kiosk: KioskHost,
  { time, chance, host }: { readonly time: VirtualTime; readonly chance: SeededChance; readonly host: ServerHost },
): Promise<void> {
  if (kiosk.isBeingEnrolled) return;
  kiosk.isBeingEnrolled = true;
  await time.sleep(chance.integer(COME_MS));
  kiosk.stopDaemon();
  while (!(await tryToEnrol(kiosk, host))) await time.sleep(AGAIN_MS);
  kiosk.isBeingEnrolled = false;
  await kiosk.letStart();
}

async function tryToEnrol(kiosk: KioskHost, host: ServerHost): Promise<boolean> {
  const kiosks = host.server?.fleet.kiosks;
  if (!kiosks) return false;
  const made = await host.command('kiosk.code', (tx) => kiosks.renewCode(tx, kiosk.kioskId));
  if (!made?.ok) return false;
  return kiosk.enrol(made.value.enrolmentCode, async (_path, body) => {
    const { code, publicKey } = body as { code: string; publicKey: string };
    const row = await host.command('kiosk.enrol', (tx) => kiosks.enrol(tx, code, publicKey));
    return row?.ok ? { kioskId: row.value.kiosk_id, serverKeys: [] } : undefined;
  });
}

/** Staff end the trust in a device. */
export async function revoke(kiosk: KioskHost, host: ServerHost): Promise<void> {
  const kiosks = host.server?.fleet.kiosks;
  if (kiosks) await host.command('kiosk.revoke', (tx) => kiosks.revoke(tx, kiosk.kioskId, 'not trusted'));
}
