export const earningTables: readonly string[] = [
  `create table earning_rules (
    rule_id text not null, version integer not null check (version > 0), merchant_id text references merchants,
    name text not null, definition text not null, starts_at integer not null, ends_at integer,
    created_at integer not null, created_by text not null, primary key (rule_id, version)) strict, without rowid`,
  `create index earning_rules_merchant on earning_rules (merchant_id)`,

  `create table earning_counters (
    member_id text not null references members, rule_id text not null, span text not null,
    points integer not null check (points >= 0), times integer not null check (times > 0), last_at integer not null,
    primary key (member_id, rule_id, span)) strict, without rowid`,

  `create table earning_budgets (
    rule_id text primary key, points integer not null check (points >= 0), times integer not null check (times > 0),
    last_at integer not null) strict, without rowid`,

  `create table accrual_lines (
    accrual_id text not null references accruals, line integer not null, product text not null, category text,
    amount_minor integer not null check (amount_minor >= 0), points integer not null check (points >= 0),
    refunded_minor integer not null default 0 check (refunded_minor between 0 and amount_minor),
    refunded_points integer not null default 0 check (refunded_points between 0 and points),
    primary key (accrual_id, line)) strict, without rowid`,

  `create table accrual_refunds (
    refund_id text primary key, accrual_id text not null references accruals, reference text not null,
    amount_minor integer not null check (amount_minor >= 0), points integer not null check (points >= 0),
    from_pending integer not null, from_available integer not null, owed integer not null,
    lines text not null, reason text not null, actor text not null, created_at integer not null,
    unique (accrual_id, reference), check (from_pending + from_available + owed = points)) strict`,
];
