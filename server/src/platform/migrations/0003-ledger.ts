export const ledgerTables: readonly string[] = [
  `create table point_transactions (
    transaction_id text primary key,
    kind text not null check (kind in ('earn', 'hold', 'capture', 'release', 'expire', 'correct')),
    redemption_id text, accrual_id text, reason text not null, actor text not null, at integer not null) strict`,
  `create index point_transactions_redemption on point_transactions (redemption_id) where redemption_id is not null`,

  `create table point_postings (
    transaction_id text not null references point_transactions, line integer not null,
    account text not null check (account in ('issuance', 'redeemed', 'expired',
      'member:pending', 'member:available', 'member:held', 'member:debt')),
    member_id text references members, points integer not null check (points <> 0),
    primary key (transaction_id, line),
    check ((member_id is not null) = (account like 'member:%'))) strict, without rowid`,
  `create index point_postings_member on point_postings (member_id, transaction_id) where member_id is not null`,

  `create table balances (
    member_id text not null references members, account text not null, points integer not null,
    primary key (member_id, account),
    check (case account when 'member:debt' then points <= 0 else points >= 0 end)) strict, without rowid`,

  `create table point_lots (
    lot_id text primary key, member_id text not null references members, issuer text references merchants,
    rule text not null, earned_at integer not null, expires_at integer not null,
    points integer not null check (points > 0), remaining integer not null,
    transaction_id text not null references point_transactions,
    check (remaining between 0 and points)) strict`,
  `create index point_lots_burn on point_lots (member_id, expires_at, earned_at, lot_id) where remaining > 0`,
  `create index point_lots_expiry on point_lots (expires_at) where remaining > 0`,

  `create table hold_lots (
    redemption_id text not null, lot_id text not null references point_lots, points integer not null check (points > 0),
    primary key (redemption_id, lot_id)) strict, without rowid`,
];
