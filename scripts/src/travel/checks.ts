import { checkBooks } from '@tessera/server/features/check/index';
import { replayPoints } from '@tessera/server/features/ledger/index';
import { sql } from 'kysely';
import * as z from 'zod';
import { DAY_MS, dateOf, HOUR_MS } from './places.ts';
import type { World } from './world.ts';

/** What the jobs promise: nothing waits whose time has come. A job comes once an hour. */
const overdue = (nowMs: number) => {
  const by = String(nowMs - HOUR_MS);
  const yesterday = String(Math.floor(nowMs / DAY_MS) - 1);
  return [
    [
      'points-expire-in-time',
      `select member_id, lot_id from point_lots where remaining + pending > 0 and expires_at <= ${by}`,
    ],
    ['points-vest-in-time', `select member_id, lot_id from point_lots where pending > 0 and vest_at <= ${by}`],
    ['holds-end-in-time', `select payment_id from payments where state = 'held' and expires_at <= ${by}`],
    ['tiers-are-reviewed-in-time', `select member_id from tier_standings where review_on < ${yesterday}`],
    ['messages-leave-in-time', `select outbox_id from outbox where sent_at is null and created_at <= ${by}`],
    [
      'no-redemption-is-left-open',
      `select redemption_id from redemptions where state in ('held', 'vending', 'in_doubt')`,
    ],
  ] as const;
};

/** Every promise of the books, what the jobs promise, and what this journey knows by itself. Answers what is broken. */
export async function brokenToday(world: World): Promise<string[]> {
  const { server, time, tally } = world;
  const { db } = server.foundation.database;
  const { checks } = await checkBooks(db, time.nowMs());
  const broken = checks
    .filter(({ ok }) => ok === false)
    .map(({ name, rows }) => `${name}: ${JSON.stringify(rows.slice(0, 3))}`);
  for (const [name, query] of overdue(time.nowMs())) {
    const { rows } = await sql.raw(`${query} limit 3`).execute(db);
    if (rows.length > 0) broken.push(`${name}: ${JSON.stringify(rows)}`);
  }
  const { sold } = await db
    .selectFrom('accruals')
    .select((eb) => eb.fn.sum<number | null>(eb('points', '-', eb.ref('refunded_points'))).as('sold'))
    .executeTakeFirstOrThrow();
  const told = tally.of('points.given') - tally.of('points.taken_back');
  if ((sold ?? 0) !== told)
    broken.push(`tills were told of ${String(told)} points, the books have ${String(sold ?? 0)}`);
  return broken;
}

/** Balances, lots and holds rebuilt from postings alone. Answers what differs. */
export async function brokenReplay({ server }: World): Promise<string[]> {
  const { differences } = await replayPoints(server.foundation.database.db, () => undefined);
  return differences.slice(0, 3).map((each) => `replay: ${JSON.stringify(each)}`);
}

const ladders = z.looseObject({
  inForce: z.number().nullable(),
  items: z.array(
    z.looseObject({
      version: z.number(),
      timeZone: z.string(),
      startsAt: z.number(),
      span: z.looseObject({ kind: z.string(), days: z.number().optional() }),
    }),
  ),
});
const standing = z.looseObject({ points: z.number() });

const calendars = new Map<string, Intl.DateTimeFormat>();

/** The date on a wall, by this runtime's own calendar: `2028-02-29`. */
function dateIn(timeZone: string, atMs: number): string {
  const known = calendars.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  calendars.set(timeZone, known);
  return known.format(atMs);
}

/**
 * The points of every member's standing, counted anew. A sale keeps the day on which it was counted, by the ladder of that
 * time. Answers what differs.
 */
export async function brokenTiers({ desk, operator, server, time, people }: World): Promise<string[]> {
  const { inForce, items } = await desk.get(operator, '/v1/tier-ladders', ladders);
  const ladder = items.find((each) => each.version === inForce);
  if (!ladder) return [];
  const today = dateIn(ladder.timeZone, time.nowMs());
  const days = ladder.span.days;
  const from = days === undefined ? `${today.slice(0, 4)}-01-01` : dateOf(Date.parse(today) - (days - 1) * DAY_MS);
  const broken: string[] = [];
  for (const { memberId } of people) {
    const sales = await server.foundation.database.db
      .selectFrom('tier_postings as posting')
      .innerJoin('accruals as sale', 'sale.accrual_id', 'posting.accrual_id')
      .select(['sale.sold_at'])
      .select((eb) => [eb.fn.sum<number>('posting.points').as('points'), eb.fn.min<number>('posting.at').as('at')])
      .where('posting.member_id', '=', memberId)
      .groupBy(['sale.accrual_id', 'sale.sold_at'])
      .execute();
    const counted = sales.filter(({ sold_at, at }) => {
      // The newest comes first.
      const then = items.find((each) => each.startsAt <= at) ?? ladder;
      return dateIn(then.timeZone, sold_at) >= from;
    });
    const expected = counted.reduce((total, sale) => total + sale.points, 0);
    const { points } = await desk.get(operator, `/v1/members/${memberId}/tier`, standing);
    if (points !== expected)
      broken.push(`tier of ${memberId}: ${String(points)} points, ${String(expected)} since ${from}`);
  }
  return broken;
}

/** Counts what time did by itself, from the books. */
export async function countWhatTimeDid({ server, tally }: World): Promise<void> {
  const { db } = server.foundation.database;
  const count = async (what: string, query: string): Promise<void> => {
    const { rows } = await sql.raw<{ n: number }>(query).execute(db);
    tally.add(what, rows[0]?.n ?? 0);
  };
  const lapsed = (which: string) => `select count(*) as n from point_transactions t
    join point_lots l on l.member_id = t.member_id and l.lot_id = t.reference
    join merchants m on m.merchant_id = l.issuer where t.kind = 'expire' and ${which}`;
  await count('expired.rolling', lapsed(`m.points_valid_days is not null`));
  await count('expired.calendar', lapsed(`m.points_expiry like '%calendar%'`));
  await count('expired.inactivity', lapsed(`l.idle_ms is not null`));
  await count('points.expired', `select coalesce(sum(points), 0) as n from point_postings where account = 'expired'`);
  await count('fee', `select count(*) as n from fee_charges`);
  for (const kind of ['raised', 'grace', 'kept', 'lowered', 'moved'])
    await count(`tier.${kind}`, `select count(*) as n from tier_changes where kind = '${kind}'`);
  await count('messages', `select count(*) as n from messages`);
  await count('postings.points', `select count(*) as n from point_postings`);
  await count('postings.money', `select count(*) as n from money_postings`);
}
