/** Keys begin with the member: a distributed database keeps all that belongs to one member on one node. Days are numbers from 1970-01-01. */
export const tierTables: readonly string[] = [
  // Null where the sale was decided before there were tiers: its decision says it too.
  `alter table accruals add column qualifying_points integer check (qualifying_points between 0 and points)`,

  `create table tier_ladders (
    version integer primary key check (version > 0), time_zone text not null,
    span_days integer check (span_days > 0), grace_days integer not null check (grace_days >= 0),
    starts_at integer not null, created_at integer not null, created_by text not null) strict`,

  `create table tiers (
    version integer not null references tier_ladders, level integer not null check (level > 0), code text not null,
    name text not null, points integer not null check (points >= 0), member_days integer not null check (member_days >= 0),
    primary key (version, level), unique (version, code)) strict, without rowid`,

  `create table tier_postings (
    member_id text not null references members, accrual_id text not null, line integer not null check (line > 0),
    day integer not null, points integer not null check (points <> 0), at integer not null,
    primary key (member_id, accrual_id, line)) strict, without rowid`,
  `create index tier_postings_day on tier_postings (member_id, day, points)`,

  `create table tier_standings (
    member_id text primary key references members, version integer not null references tier_ladders,
    level integer not null check (level >= 0), code text, joined_on integer not null, span_from integer not null,
    counted_on integer not null, points integer not null check (points >= 0), rises_at integer not null,
    grace_until integer, review_on integer, changes integer not null check (changes >= 0),
    check ((level = 0) = (code is null))) strict, without rowid`,
  `create index tier_standings_review on tier_standings (review_on, member_id) where review_on is not null`,
  `create index tier_standings_version on tier_standings (version, member_id)`,

  `create table tier_changes (
    member_id text not null references members, seq integer not null check (seq > 0),
    kind text not null check (kind in ('raised', 'grace', 'kept', 'lowered', 'moved')),
    reason text not null check (reason in ('sale', 'refund', 'time', 'ladder')),
    from_code text, to_code text, version integer not null, points integer not null, grace_until integer,
    accrual_id text, actor text not null, at integer not null,
    primary key (member_id, seq)) strict, without rowid`,
];
