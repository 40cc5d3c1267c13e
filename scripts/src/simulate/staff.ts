import type { Server } from '@tessera/server/app';
import type { Tx } from '@tessera/server/platform/commands/commands';
import { SLOTS, type KioskHost } from './kiosk-host.ts';
import type { SeededChance } from './seeded-chance.ts';
import type { ServerHost } from './server-host.ts';
import type { Truth } from './truth.ts';
import type { VirtualTime } from './virtual-time.ts';

export type StaffDependencies = {
  readonly time: VirtualTime;
  readonly chance: SeededChance;
  readonly host: ServerHost;
  readonly truth: Truth;
  readonly trace: (text: string) => void;
  readonly violate: (text: string) => void;
};

/** A slot with fewer than this many is filled up. */
const LOW = 4;

/** One round of a field engineer at one kiosk: mends, counts blind what is out of service, fills what runs low. */
export async function round(kiosk: KioskHost, deps: StaffDependencies, countAll: boolean): Promise<void> {
  const { host, chance } = deps;
  kiosk.mend();
  kiosk.cabinet.pickUp();
  for (let slot = 1; slot <= SLOTS; slot += 1) {
    const server = host.server;
    if (!server) return;
    const key = { kioskId: kiosk.kioskId, slot };
    const row = await server.fleet.stock.slot(server.foundation.database.db, key);
    if (!row) continue;
    const isSuspect = row.in_service === 0 || row.in_doubt > 0;
    if (isSuspect || countAll || chance.happens(0.03)) await count(kiosk, slot, deps);
    if (row.out_reason === 'staff' || row.out_reason === 'brownouts') {
      await host.command('slot.service', (tx) => server.fleet.stock.setService(tx, key, true, 'mended'));
    }
    if (row.on_hand < LOW && row.in_service === 1) await fill(kiosk, slot, row.capacity - row.on_hand, deps);
  }
}

/** Counts what is in the slot; where the count proves nothing, two staff decide by what the camera saw. */
async function count(kiosk: KioskHost, slot: number, deps: StaffDependencies): Promise<void> {
  const { host, trace } = deps;
  const server = host.server;
  if (!server) return;
  const key = { kioskId: kiosk.kioskId, slot };
  const found = { counted: kiosk.goodsIn(slot), tray: 0 };
  const counted = await host.command('slot.count', (tx) => server.mainJob.counts.count(tx, key, found));
  trace(`count ${kiosk.kioskId}/${String(slot)} ${JSON.stringify(counted)}`);
  if (!counted?.ok || counted.value.verdict !== 'not_conclusive') return;
  await decide(server, key, deps);
  const again = { counted: kiosk.goodsIn(slot), tray: 0 };
  await host.command('slot.count', (tx) => server.mainJob.counts.count(tx, key, again));
}

async function decide(server: Server, key: { kioskId: string; slot: number }, deps: StaffDependencies): Promise<void> {
  const { host, truth, chance, violate } = deps;
  const doubts = await server.foundation.database.db
    .selectFrom('redemptions')
    .select('redemption_id')
    .where('kiosk_id', '=', key.kioskId)
    .where('slot', '=', key.slot)
    .where('state', '=', 'in_doubt')
    .execute();
  for (const { redemption_id: redemptionId } of doubts) {
    const verdict = truth.dropsOf(redemptionId) > 0 ? 'captured' : 'released';
    const proposed = await host.command('resolution.propose', (tx) =>
      server.mainJob.resolutions.propose(tx, redemptionId, { verdict, reason: 'camera' }),
    );
    if (!proposed?.ok) continue;
    const { resolution_id: resolutionId } = proposed.value;
    const confirm = (tx: Tx) => server.mainJob.resolutions.confirm(tx, resolutionId, { redemptionId });
    if (chance.happens(0.3)) {
      const alone = await host.command('resolution.confirm', confirm, 'admin:one');
      if (alone?.ok) violate(`${redemptionId} was resolved by one person alone`);
    }
    await host.command('resolution.confirm', confirm, 'admin:two');
  }
}

/** The goods are put in before they are booked: a booking that is lost shows at the next count. */
async function fill(kiosk: KioskHost, slot: number, quantity: number, { host }: StaffDependencies): Promise<void> {
  const server = host.server;
  if (!server || quantity <= 0) return;
  const key = { kioskId: kiosk.kioskId, slot };
  kiosk.cabinet.setGoods(slot, kiosk.goodsIn(slot) + quantity);
  const loaded = await host.command('slot.load', (tx) => server.fleet.stock.load(tx, key, quantity, 'refill'));
  if (loaded && !loaded.ok) kiosk.cabinet.setGoods(slot, kiosk.goodsIn(slot) - quantity);
}
