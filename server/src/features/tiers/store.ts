import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type {
  TierChangesTable,
  TierLaddersTable,
  TierPostingsTable,
  TiersTable,
  TierStandingsTable,
} from '../../platform/database/schema/tiers.ts';
import { statement } from '../../platform/database/statement.ts';

export type LadderRow = Selectable<TierLaddersTable>;
export type StandingRow = Selectable<TierStandingsTable>;
export type ChangeRow = Selectable<TierChangesTable>;

/** Adds a version with its tiers; false where somebody else has added the same one first. */
export async function insertLadder(db: Db, row: LadderRow, tiers: readonly Insertable<TiersTable>[]): Promise<boolean> {
  const inserted = await db
    .insertInto('tier_ladders')
    .values(row)
    .onConflict((conflict) => conflict.column('version').doNothing())
    .returning('version')
    .executeTakeFirst();
  if (inserted && tiers.length > 0)
    await db
      .insertInto('tiers')
      .values([...tiers])
      .execute();
  return inserted !== undefined;
}

/** Every version, the oldest first. There are few: a ladder lasts for years. */
export const allLadders = (db: Db) => db.selectFrom('tier_ladders').selectAll().orderBy('version').execute();

/** The tiers of every version, each from its lowest on. */
export const allTiers = (db: Db) => db.selectFrom('tiers').selectAll().orderBy('version').orderBy('level').execute();

export const lastLadder = (db: Db) =>
  db.selectFrom('tier_ladders').selectAll().orderBy('version', 'desc').limit(1).executeTakeFirst();

export const insertPosting = statement((db, p: TierPostingsTable) =>
  db.insertInto('tier_postings').values({
    member_id: p.member_id,
    accrual_id: p.accrual_id,
    line: p.line,
    day: p.day,
    points: p.points,
    at: p.at,
  }),
);

/** What was counted of a sale, in the order of its lines; no row where it does not count. */
export const postingsOfSale = (db: Db, p: { memberId: string; accrualId: string }) =>
  db
    .selectFrom('tier_postings')
    .select(['line', 'day', 'points'])
    .where('member_id', '=', p.memberId)
    .where('accrual_id', '=', p.accrualId)
    .orderBy('line')
    .execute();

/** Sales of a member that have been counted. */
export const countedSales = (db: Db, memberId: string) =>
  db.selectFrom('tier_postings').select('accrual_id').where('member_id', '=', memberId).where('line', '=', 1).execute();

/** Qualifying points of a member by day, from a day on, in the order of days. */
export const pointsByDay = statement((db, p: { memberId: string; from: number }) =>
  db
    .selectFrom('tier_postings')
    .select((eb) => ['day', eb.fn.sum<number>('points').as('points')])
    .where('member_id', '=', p.memberId)
    .where('day', '>=', p.from)
    .groupBy('day')
    .orderBy('day'),
);

export const standingOf = statement((db, p: { memberId: string }) =>
  db.selectFrom('tier_standings').selectAll().where('member_id', '=', p.memberId),
);

/** The code of a member's tier; on the path of sales where a rule asks for it. */
export const codeOf = statement((db, p: { memberId: string }) =>
  db.selectFrom('tier_standings').select('code').where('member_id', '=', p.memberId),
);

/** Adds points that change nothing but the count of today; no row where they may change more. */
export const addToday = statement((db, p: { memberId: string; version: number; today: number; points: number }) =>
  db
    .updateTable('tier_standings')
    .set((eb) => ({ points: eb('points', '+', p.points) }))
    .where('member_id', '=', p.memberId)
    .where('version', '=', p.version)
    .where('counted_on', '=', p.today)
    .where((eb) => eb(eb('points', '+', p.points), '<', eb.ref('rises_at')))
    .returning('points'),
);

export const upsertStanding = (db: Db, { member_id, ...row }: StandingRow) =>
  db
    .insertInto('tier_standings')
    .values({ member_id, ...row })
    .onConflict((conflict) => conflict.column('member_id').doUpdateSet(row))
    .execute();

export const insertChange = (db: Db, row: ChangeRow) => db.insertInto('tier_changes').values(row).execute();

/** One more than `limit` changes before one, newest first. */
export function listChanges(db: Db, memberId: string, page: { limit: number; before?: number }) {
  let query = db
    .selectFrom('tier_changes')
    .selectAll()
    .where('member_id', '=', memberId)
    .orderBy('seq', 'desc')
    .limit(page.limit + 1);
  if (page.before !== undefined) query = query.where('seq', '<', page.before);
  return query.execute();
}

/** Members for whom something may change today. */
export const dueMembers = (db: Db, today: number, limit: number) =>
  db
    .selectFrom('tier_standings')
    .select('member_id')
    .where('review_on', 'is not', null)
    .where('review_on', '<=', today)
    .orderBy('review_on')
    .limit(limit)
    .execute();

/** Members who stand on an older ladder. */
export const membersOfOlder = (db: Db, version: number, limit: number) =>
  db.selectFrom('tier_standings').select('member_id').where('version', '<', version).limit(limit).execute();

/** Which members between two ids, both included, have a standing. */
export const knownBetween = (db: Db, first: string, last: string) =>
  db
    .selectFrom('tier_standings')
    .select('member_id')
    .where('member_id', '>=', first)
    .where('member_id', '<=', last)
    .execute();

/** Up to when all members have been looked at: by which version and, where it matters, on which day. */
const ENROLLED = 'tiers_enrolled';

export async function enrolledOf(db: Db): Promise<string | undefined> {
  return (await db.selectFrom('meta').select('value').where('key', '=', ENROLLED).executeTakeFirst())?.value;
}

export const setEnrolled = (db: Db, value: string) =>
  db
    .insertInto('meta')
    .values({ key: ENROLLED, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
