import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { PicturesTable, RewardsTable } from '../../platform/database/schema/kiosks.ts';
import { statement } from '../../platform/database/statement.ts';

export type RewardRow = Selectable<RewardsTable>;

/** A reward by id; on the path of every redemption. */
export const rewardById = statement((db, p: { rewardId: string }) =>
  db.selectFrom('rewards').selectAll().where('reward_id', '=', p.rewardId),
);

export const insertReward = (db: Db, row: Insertable<RewardsTable>) =>
  db.insertInto('rewards').values(row).returningAll().executeTakeFirstOrThrow();

export const updateReward = (db: Db, rewardId: string, change: Updateable<RewardsTable>) =>
  db.updateTable('rewards').set(change).where('reward_id', '=', rewardId).returningAll().executeTakeFirst();

/** One more than `limit` rewards after an id, in the order in which they were made. */
export function listRewards(db: Db, page: { limit: number; after?: string; state?: RewardRow['state'] | undefined }) {
  let query = db
    .selectFrom('rewards')
    .selectAll()
    .orderBy('reward_id')
    .limit(page.limit + 1);
  if (page.after !== undefined) query = query.where('reward_id', '>', page.after);
  if (page.state !== undefined) query = query.where('state', '=', page.state);
  return query.execute();
}

/** Keeps a picture under the hash of its bytes; the same bytes are kept once. */
export const insertPicture = (db: Db, row: Insertable<PicturesTable>) =>
  db
    .insertInto('pictures')
    .values(row)
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .execute();

export const pictureByHash = (db: Db, sha256: string) =>
  db.selectFrom('pictures').select(['media_type', 'bytes']).where('sha256', '=', sha256).executeTakeFirst();
