/** Rewards that share limits: so many gifts, so many points, so many for each member. A limit of one reward is a campaign of one. */
export interface CampaignsTable {
  campaign_id: string;
  name: string;
  gifts_limit: number | null;
  points_budget: number | null;
  per_member_limit: number | null;
  /** Held and captured so far. Limits are conditions on this row. */
  gifts: number;
  points: number;
  created_at: number;
  updated_at: number;
}

/** Gifts of a campaign that a member holds or has had: the limit for each member is a condition on this row. */
export interface CampaignMembersTable {
  member_id: string;
  campaign_id: string;
  gifts: number;
}

/** What a redemption counts for; gone when it is given back, whatever campaign its reward has by then. */
export interface CampaignTakingsTable {
  member_id: string;
  hold_id: string;
  campaign_id: string;
  points: number;
}
