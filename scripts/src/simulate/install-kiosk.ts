import { SLOTS, type KioskHost } from './kiosk-host.ts';
import type { ServerHost } from './server-host.ts';

const CAPACITY = 10;

/** What an engineer does once: registers a kiosk, fills and counts its slots, enrols its device and starts it. */
export async function install(
  kiosk: KioskHost,
  host: ServerHost,
  { name, rewards }: { name: string; rewards: readonly string[] },
): Promise<void> {
  const { server } = host;
  if (!server) throw new Error('the server is up while the alliance is founded');
  const { kiosks, stock } = server.fleet;
  const { counts } = server.mainJob;
  const made = await host.must('kiosk.create', async (tx) => ({ ok: true, value: await kiosks.create(tx, name) }));
  const slots = Array.from({ length: SLOTS }, (_, index) => ({
    slot: index + 1,
    rewardId: rewards[index % rewards.length] ?? null,
    capacity: CAPACITY,
  }));
  await host.must('planogram', (tx) => stock.setPlanogram(tx, made.kioskId, slots));
  for (const { slot } of slots) {
    const key = { kioskId: made.kioskId, slot };
    await host.must('load', (tx) => stock.load(tx, key, CAPACITY, 'first fill'));
    await host.must('count', (tx) => counts.count(tx, key, { counted: CAPACITY, tray: 0 }));
  }
  await kiosk.enrol(made.enrolmentCode, async (_path, body) => {
    const { code, publicKey } = body as { code: string; publicKey: string };
    const row = await host.must('kiosk.enrol', (tx) => kiosks.enrol(tx, code, publicKey));
    return { kioskId: row.kiosk_id, serverKeys: [] };
  });
  await kiosk.start();
}
