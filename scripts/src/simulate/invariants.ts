import { checkBooks } from '@tessera/server/features/check/check';
import type { Server } from '@tessera/server/app';
import { sql } from 'kysely';
import { isOpen, type BookState } from '@tessera/shared/redemption/books';
import { SLOTS, type KioskHost } from './kiosk-host.ts';
import type { Truth } from './truth.ts';

/** What the books say breaks a promise: the same check that `tessera check` runs on a live database. */
export async function brokenBooks(server: Server, nowMs: number, truth: Truth): Promise<string[]> {
  const { db } = server.foundation.database;
  const report = await checkBooks(db, nowMs);
  const broken = report.checks
    .filter(({ ok }) => ok === false)
    .map(({ name, rows }) => `${name}: ${JSON.stringify(rows.slice(0, 3))}`);
  for (const { name, breaches } of worldRules) {
    const { rows } = await sql.raw(breaches).execute(db);
    if (rows.length > 0) broken.push(`${name}: ${JSON.stringify(rows.slice(0, 3))}`);
  }
  const { issued } = await db
    .selectFrom('point_postings')
    .select((eb) => eb.fn.sum<number | null>('points').as('issued'))
    .where('account', '=', 'issuance')
    .executeTakeFirstOrThrow();
  // A purchase whose answer has not come yet may be booked already.
  if (-(issued ?? 0) < truth.issued || -(issued ?? 0) > truth.issued + truth.beingIssued)
    broken.push(`issued ${String(-(issued ?? 0))} points for ${String(truth.issued)} that were earned`);
  return broken;
}

/** What holds in this world beside what holds in every alliance: nobody here is given more than there is. */
const worldRules = [
  {
    name: 'nobody-owes',
    breaches: `select member_id, debt from balances where debt <> 0`,
  },
  {
    name: 'limits-hold',
    breaches: `select u.member_id, u.reward_id, u.taken from reward_uses u join rewards r using (reward_id)
      where u.taken > r.per_member_limit`,
  },
  {
    name: 'stock-covers-what-is-reserved',
    breaches: `select kiosk_id, slot, on_hand, reserved from kiosk_slots
      where reserved > on_hand and in_service = 1 and in_doubt = 0`,
  },
] as const;

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

type Ended = {
  readonly redemption_id: string;
  readonly state: BookState;
  readonly outcome: string | null;
  readonly decided_by: string | null;
};

/** How one redemption's end disagrees with what was seen from outside. */
function brokenRedemption({ redemption_id: id, state, outcome, decided_by: by }: Ended, truth: Truth): string[] {
  const fell = truth.dropsOf(id) > 0;
  const turned = truth.wasEnergised(id);
  // A kiosk that has lost its journal, or was out of reach for a day, is not heard: then a count or two people decide.
  const byHand = by === 'count' || by === 'staff';
  const claims: readonly (readonly [boolean, string])[] = [
    [isOpen(state) || state === 'none', `is still ${state}`],
    [state === 'captured' && !fell && !truth.wasMisled(id), 'was captured and nothing fell'],
    [state === 'refused' && turned, 'was refused and energised'],
    [state === 'released' && turned && outcome === null && !byHand, 'was energised and released unheard'],
    [state !== 'captured' && fell && !truth.fellLate(id), `was ${state} and its gift fell`],
  ];
  return claims.filter(([isBroken]) => isBroken).map(([, what]) => `${id} ${what}`);
}
