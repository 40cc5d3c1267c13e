import { checkBooks } from '@tessera/server/features/check/check';
import type { Server } from '@tessera/server/app';
import { isOpen, type BookState } from '@tessera/shared/redemption/books';
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
  const redemptions = await db.selectFrom('redemptions').select(['redemption_id', 'state', 'outcome']).execute();
  for (const row of redemptions) broken.push(...brokenRedemption(row, truth));
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

/** How one redemption's end disagrees with what was seen from outside. */
function brokenRedemption(
  { redemption_id: id, state, outcome }: { redemption_id: string; state: BookState; outcome: string | null },
  truth: Truth,
): string[] {
  const fell = truth.dropsOf(id) > 0;
  const turned = truth.wasEnergised(id);
  const claims: readonly (readonly [boolean, string])[] = [
    [isOpen(state) || state === 'none', `is still ${state}`],
    [state === 'captured' && !fell && !truth.wasMisled(id), 'was captured and nothing fell'],
    [state === 'refused' && turned, 'was refused and energised'],
    [state === 'released' && turned && outcome === null, 'was energised and released unheard'],
    [state !== 'captured' && fell && !truth.fellLate(id), `was ${state} and its gift fell`],
  ];
  return claims.filter(([isBroken]) => isBroken).map(([, what]) => `${id} ${what}`);
}
