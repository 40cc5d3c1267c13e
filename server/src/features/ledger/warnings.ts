import type { Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { enqueue } from '../../platform/outbox/outbox.ts';
import { expiringLots, type ExpiryPlace } from './store/lots.ts';

/** Where the warnings have come to in the order in which lots expire. */
const PLACE = 'expiry_warned_to';

/**
 * Tells members of points that expire within `aheadMs`, each lot once: a lot that activity has given more time is met
 * again later. Points that live for less than that are told of only where they expire after what was told before.
 * Answers how many lots it looked at, at most `limit`.
 */
export async function warnOfExpiry(tx: Tx, aheadMs: number, limit: number): Promise<number> {
  const after = await placeOf(tx.db, tx.at);
  const lots = await expiringLots(tx.db, after, tx.at + aheadMs, limit);
  const members = new Map<string, { points: number; expiresAt: number }>();
  for (const { member_id, remaining, expires_at } of lots) {
    const known = members.get(member_id) ?? { points: 0, expiresAt: expires_at };
    members.set(member_id, { ...known, points: known.points + remaining });
  }
  for (const [memberId, facts] of members) {
    if (facts.points > 0) await enqueue(tx, 'member_message', { memberId, kind: 'points_expiring', facts });
  }
  const last = lots.at(-1);
  if (last) await setPlace(tx.db, { expiresAt: last.expires_at, memberId: last.member_id, lotId: last.lot_id });
  return lots.length;
}

/** What has expired already needs no warning. */
async function placeOf(db: Db, at: number): Promise<ExpiryPlace> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', PLACE).executeTakeFirst();
  const place = row ? (JSON.parse(row.value) as ExpiryPlace) : undefined;
  return place && place.expiresAt > at ? place : { expiresAt: at, memberId: '', lotId: '' };
}

async function setPlace(db: Db, place: ExpiryPlace): Promise<void> {
  const value = JSON.stringify(place);
  await db
    .insertInto('meta')
    .values({ key: PLACE, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}
