export const campaignTables: readonly string[] = [
  `create table campaigns (
    campaign_id text primary key, name text not null,
    gifts_limit integer check (gifts_limit >= 0), points_budget integer check (points_budget >= 0),
    per_member_limit integer check (per_member_limit >= 1),
    gifts integer not null check (gifts >= 0), points integer not null check (points >= 0),
    created_at integer not null, updated_at integer not null) strict`,

  `create table campaign_members (
    member_id text not null references members, campaign_id text not null references campaigns,
    gifts integer not null check (gifts >= 0), primary key (member_id, campaign_id)) strict, without rowid`,

  `create table campaign_takings (
    member_id text not null references members, hold_id text not null, campaign_id text not null references campaigns,
    points integer not null, primary key (member_id, hold_id)) strict, without rowid`,

  `alter table rewards add column campaign_id text references campaigns`,
];
