import { checkBooks } from '@tessera/server/features/check/check';
import type { Server } from '@tessera/server/app';
import { SLOTS, type KioskHost } from './kiosk-host.ts';
import type { Truth } from './truth.ts';

/** What the books say breaks a promise: the same check that `tessera check` runs on a live database. */
export async function brokenBooks(server: Server, nowMs: number): Promise<string[]> {
  const report = await checkBooks(server.foundation.database.db, nowMs);
  return report.checks
    .filter(({ ok }) => ok === false)
    .map(({ name, rows }) => `${name}: ${JSON.stringify(rows.slice(0, 3))}`);
}

/**
 * What must hold between the books and the physical world once everything has settled: nothing is left open, a gift that
 * fell was paid for, one that did not fall was not, and each slot holds what the books say.
 */
export async function brokenTruth(server: Server, kiosks: readonly KioskHost[], truth: Truth): Promise<string[]> {
  const { db } = server.foundation.database;
  const broken: string[] = [];
  const redemptions = await db
    .selectFrom('redemptions')
    .select(['redemption_id', 'state', 'outcome', 'decided_by'])
    .execute();
  for (const { redemption_id: id, state, outcome } of redemptions) {
    const drops = truth.dropsOf(id);
    if (state !== 'captured' && state !== 'released' && state !== 'refused') broken.push(`${id} is still ${state}`);
    if (state === 'captured' && drops === 0) broken.push(`${id} was captured and nothing fell`);
    if (state === 'refused' && truth.wasEnergised(id)) broken.push(`${id} was refused and energised`);
    if (state !== 'captured' && drops > 0 && !truth.fellLate(id)) broken.push(`${id} was ${state} and its gift fell`);
    if (state === 'released' && truth.wasEnergised(id) && outcome === null)
      broken.push(`${id} was energised and released unheard`);
  }
  for (const kiosk of kiosks) {
    for (let slot = 1; slot <= SLOTS; slot += 1) {
      const row = await server.fleet.stock.slot(db, { kioskId: kiosk.kioskId, slot });
      const there = kiosk.goodsIn(slot);
      if (row && row.on_hand !== there)
        broken.push(`${kiosk.kioskId}/${String(slot)} holds ${String(there)}, booked ${String(row.on_hand)}`);
    }
  }
  return broken;
}
