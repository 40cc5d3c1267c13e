import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { CampaignsTable, CampaignTakingsTable } from '../../platform/database/schema/campaigns.ts';
import { statement } from '../../platform/database/statement.ts';

export type CampaignRow = Selectable<CampaignsTable>;

export const insertCampaign = (db: Db, row: Insertable<CampaignsTable>) =>
  db.insertInto('campaigns').values(row).returningAll().executeTakeFirstOrThrow();

export const updateCampaign = (db: Db, campaignId: string, change: Updateable<CampaignsTable>) =>
  db.updateTable('campaigns').set(change).where('campaign_id', '=', campaignId).returningAll().executeTakeFirst();

export const campaignById = statement((db, p: { campaignId: string }) =>
  db.selectFrom('campaigns').selectAll().where('campaign_id', '=', p.campaignId),
);

/** Counts one gift more, only within the campaign's limits; no row where one of them is reached. */
export const takeGift = statement((db, p: { campaignId: string; points: number }) =>
  db
    .updateTable('campaigns')
    .set((eb) => ({ gifts: eb('gifts', '+', 1), points: eb('points', '+', p.points) }))
    .where('campaign_id', '=', p.campaignId)
    .where((eb) => eb.or([eb('gifts_limit', 'is', null), eb('gifts', '<', eb.ref('gifts_limit'))]))
    .where((eb) =>
      eb.or([eb('points_budget', 'is', null), eb(eb('points', '+', p.points), '<=', eb.ref('points_budget'))]),
    )
    .returning('per_member_limit'),
);

/** Counts what has happened in the world already, whatever the limits say; negative numbers give back. */
export const countGifts = statement((db, p: { campaignId: string; gifts: number; points: number }) =>
  db
    .updateTable('campaigns')
    .set((eb) => ({ gifts: eb('gifts', '+', p.gifts), points: eb('points', '+', p.points) }))
    .where('campaign_id', '=', p.campaignId),
);

/** Counts one gift more of a member, only below the limit; no row means that it is reached. */
export const takeForMember = statement((db, p: { memberId: string; campaignId: string; limit: number }) =>
  db
    .insertInto('campaign_members')
    .values({ member_id: p.memberId, campaign_id: p.campaignId, gifts: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['member_id', 'campaign_id'])
        .doUpdateSet((eb) => ({ gifts: eb('campaign_members.gifts', '+', 1) }))
        .where('campaign_members.gifts', '<', p.limit),
    )
    .returning('gifts'),
);

export const giveBackOfMember = statement((db, p: { memberId: string; campaignId: string }) =>
  db
    .updateTable('campaign_members')
    .set((eb) => ({ gifts: eb('gifts', '-', 1) }))
    .where('member_id', '=', p.memberId)
    .where('campaign_id', '=', p.campaignId),
);

export const insertTaking = statement((db, p: Selectable<CampaignTakingsTable>) =>
  db.insertInto('campaign_takings').values({
    member_id: p.member_id,
    hold_id: p.hold_id,
    campaign_id: p.campaign_id,
    points: p.points,
  }),
);

export const removeTaking = statement((db, p: { memberId: string; holdId: string }) =>
  db
    .deleteFrom('campaign_takings')
    .where('member_id', '=', p.memberId)
    .where('hold_id', '=', p.holdId)
    .returning(['campaign_id', 'points']),
);

/** One more than `limit` campaigns before an id, newest first. */
export function listCampaigns(db: Db, page: { limit: number; before?: string }) {
  let query = db
    .selectFrom('campaigns')
    .selectAll()
    .orderBy('campaign_id', 'desc')
    .limit(page.limit + 1);
  if (page.before !== undefined) query = query.where('campaign_id', '<', page.before);
  return query.execute();
}
