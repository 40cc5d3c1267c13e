export const paymentTables: readonly string[] = [
  `create table payments (
    payment_id text primary key, member_id text not null references members,
    merchant_id text not null references merchants, branch_id text references branches,
    terminal_id text references terminals, reference text not null,
    points integer not null check (points > 0), captured integer not null, returned integer not null,
    amount_minor integer, currency text, lines text, approved_by text not null check (approved_by in ('qr', 'pin')),
    state text not null check (state in ('held', 'captured', 'voided')),
    expires_at integer not null, created_at integer not null, updated_at integer not null,
    unique (merchant_id, reference), check (returned >= 0 and returned <= captured and captured <= points)) strict`,
  `create index payments_member on payments (member_id, payment_id)`,
  `create index payments_expiry on payments (expires_at) where state = 'held'`,

  `create table payment_refunds (
    payment_id text not null references payments, refund_id text not null,
    points integer not null check (points > 0), line text, reason text not null, actor text not null,
    at integer not null, primary key (payment_id, refund_id), unique (payment_id, line)) strict`,
];
