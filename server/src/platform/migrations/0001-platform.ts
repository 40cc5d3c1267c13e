export const platformTables: readonly string[] = [
  `create table meta (key text primary key, value text not null) strict`,

  `create table server_keys (
    key_id text primary key, seed blob not null, public_key text not null,
    created_at integer not null, retired_at integer) strict`,

  `create table idempotency (
    principal text not null, key text not null, body_hash text not null, status integer not null,
    answer text not null,
    created_at integer not null, expires_at integer not null, primary key (principal, key)) strict`,
  `create index idempotency_expiry on idempotency (expires_at)`,

  `create table audit (
    seq integer primary key, at integer not null, actor text not null, action text not null,
    subject text not null, facts text not null, prev_hash text not null, hash text not null) strict`,
  `create index audit_subject on audit (subject, seq)`,
  `create table audit_salts (subject text primary key, salt text not null) strict`,

  `create table outbox (
    outbox_id integer primary key autoincrement, topic text not null, payload text not null, created_at integer not null,
    next_at integer not null, attempts integer not null default 0, last_error text, sent_at integer) strict`,
  `create index outbox_due on outbox (next_at, outbox_id) where sent_at is null`,

  `create table messages (
    message_id text primary key, outbox_id integer unique, member_id text,
    channel text not null check (channel in ('email', 'phone', 'inbox')), address text not null,
    kind text not null, subject text not null, body text not null,
    state text not null check (state in ('queued', 'sent', 'failed')),
    created_at integer not null, sent_at integer, error text) strict`,
  `create index messages_member on messages (member_id, message_id)`,

  `create table jobs (
    name text primary key, lease_owner text, lease_until integer not null default 0, last_run_at integer,
    runs integer not null default 0, last_error text) strict`,

  `create table throttles (key text primary key, attempts integer not null, expires_at integer not null) strict`,
  `create index throttles_expiry on throttles (expires_at)`,
];
