/** Keys begin with the member: a distributed database keeps all that belongs to one member on one node. */
export const ledgerTables: readonly string[] = [
  `create table point_transactions (
    member_id text not null references members, transaction_id text not null,
    kind text not null check (kind in ('earn', 'vest', 'hold', 'capture', 'release', 'refund', 'correct', 'clawback',
      'repay', 'expire', 'transfer', 'adjust')),
    hold_id text, accrual_id text, reference text, reason text not null, actor text not null, at integer not null,
    primary key (member_id, transaction_id)) strict, without rowid`,

  `create table point_lots (
    member_id text not null, lot_id text not null, issuer text references merchants, rule text not null,
    accrual_id text, earned_at integer not null, expires_at integer not null, idle_ms integer check (idle_ms > 0),
    points integer not null check (points > 0), remaining integer not null, pending integer not null,
    vest_at integer, vest_on text, origin_lot_id text, transaction_id text not null,
    primary key (member_id, lot_id),
    foreign key (member_id, transaction_id) references point_transactions,
    check (remaining >= 0 and pending >= 0 and remaining + pending <= points)) strict, without rowid`,
  `create index point_lots_burn on point_lots (member_id, expires_at, earned_at, lot_id) where remaining > 0`,
  `create index point_lots_expiry on point_lots (expires_at, member_id, lot_id) where remaining + pending > 0`,
  `create index point_lots_vest_at on point_lots (vest_at, member_id, lot_id) where pending > 0 and vest_at is not null`,
  `create index point_lots_vest_on on point_lots (vest_on, member_id, lot_id) where pending > 0 and vest_on is not null`,

  `create table point_postings (
    member_id text not null, transaction_id text not null, line integer not null,
    account text not null check (account in ('issuance', 'redeemed', 'expired', 'transferred',
      'member:pending', 'member:available', 'member:held', 'member:debt')),
    lot_id text, points integer not null check (points <> 0),
    primary key (member_id, transaction_id, line),
    foreign key (member_id, transaction_id) references point_transactions,
    check ((lot_id is not null) = (account in ('member:pending', 'member:available')))) strict, without rowid`,

  `create table balances (
    member_id text primary key references members,
    pending integer not null check (pending >= 0), available integer not null check (available >= 0),
    held integer not null check (held >= 0), debt integer not null check (debt >= 0),
    renews integer not null default 0 check (renews in (0, 1))) strict, without rowid`,

  `create table holds (
    member_id text not null references members, hold_id text not null,
    purpose text not null check (purpose in ('redemption', 'payment')), beneficiary text references merchants,
    points integer not null check (points >= 0), owed integer not null, captured integer not null,
    returned integer not null, state text not null check (state in ('open', 'captured', 'released')),
    created_at integer not null, primary key (member_id, hold_id),
    check (owed >= 0 and returned >= 0 and returned <= captured and captured <= points)) strict, without rowid`,

  `create table hold_lots (
    member_id text not null, hold_id text not null, line integer not null, lot_id text not null,
    points integer not null check (points > 0), returned integer not null default 0,
    primary key (member_id, hold_id, line), foreign key (member_id, lot_id) references point_lots,
    check (returned >= 0 and returned <= points)) strict, without rowid`,

  `create table point_adjustments (
    member_id text not null references members, adjustment_id text not null,
    points integer not null check (points <> 0), expires_at integer, reason text not null,
    state text not null check (state in ('proposed', 'confirmed', 'withdrawn')),
    proposed_by text not null, proposed_at integer not null, decided_by text, decided_at integer, transaction_id text,
    primary key (member_id, adjustment_id),
    check (state <> 'confirmed' or decided_by <> proposed_by)) strict, without rowid`,
];
