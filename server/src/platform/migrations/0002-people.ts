export const peopleTables: readonly string[] = [
  `create table admins (
    admin_id text primary key, login text not null unique, name text not null, password_hash text not null,
    role text not null check (role in ('admin')), state text not null check (state in ('active', 'disabled')),
    created_at integer not null) strict`,

  `create table tokens (
    token_hash text primary key, principal_kind text not null check (principal_kind in ('admin', 'terminal')),
    principal_id text not null, created_at integer not null, expires_at integer, revoked_at integer) strict`,

  `create table industries (industry_id text primary key, name text not null, created_at integer not null) strict`,

  `create table merchants (
    merchant_id text primary key, industry_id text not null references industries, name text not null,
    state text not null check (state in ('applied', 'signed', 'active', 'suspended', 'left')),
    terms text not null, currency text not null,
    rate_points integer not null check (rate_points >= 0), rate_per_minor integer not null check (rate_per_minor > 0),
    points_valid_days integer check (points_valid_days > 0), points_expiry text, time_zone text not null default 'UTC',
    applied_at integer not null, signed_at integer, active_at integer, suspended_at integer, left_at integer) strict`,

  `create table branches (
    branch_id text primary key, merchant_id text not null references merchants, name text not null,
    address text not null, created_at integer not null) strict`,
  `create index branches_merchant on branches (merchant_id)`,

  `create table terminals (
    terminal_id text primary key, merchant_id text not null references merchants, branch_id text references branches,
    name text not null, state text not null check (state in ('active', 'revoked')), created_at integer not null) strict`,
  `create index terminals_merchant on terminals (merchant_id)`,

  `create table members (
    member_id text primary key, name text not null, language text not null check (language in ('zh', 'en', 'ar')),
    state text not null check (state in ('active', 'suspended', 'closed')), pin_hash text,
    birthday text check (birthday like '__-__'), created_at integer not null) strict, without rowid`,

  `create table member_applications (
    application_id text primary key, name text not null, language text not null check (language in ('zh', 'en', 'ar')),
    contact_kind text not null check (contact_kind in ('email', 'phone')), contact text not null,
    code_hash text not null, attempts integer not null default 0,
    state text not null check (state in ('pending', 'verified', 'void')), member_id text references members,
    created_at integer not null, expires_at integer not null) strict`,

  `create index member_applications_contact on member_applications (contact_kind, contact)`,

  `create table member_addresses (
    kind text not null check (kind in ('email', 'phone')), value text not null,
    member_id text not null references members, verified_at integer not null, primary key (kind, value)) strict`,
  `create index member_addresses_member on member_addresses (member_id)`,

  `create table member_contacts (
    contact_id text primary key, member_id text not null references members, name text not null, relation text not null,
    kind text not null check (kind in ('email', 'phone', 'messenger')), value text not null,
    consent text not null check (consent in ('unknown', 'given', 'refused', 'withdrawn')),
    created_at integer not null, updated_at integer not null, unique (member_id, kind, value)) strict`,

  `create table merchant_memberships (
    merchant_id text not null references merchants, member_id text not null references members, currency text not null,
    visits integer not null, spend_minor integer not null, points integer not null,
    first_at integer not null, last_at integer not null, primary key (merchant_id, member_id, currency)) strict, without rowid`,
  `create index merchant_memberships_member on merchant_memberships (member_id)`,

  `create table credentials (
    credential_id text primary key, member_id text not null references members, secret blob not null,
    last_step integer not null default 0, state text not null check (state in ('active', 'revoked')),
    created_at integer not null) strict`,
  `create index credentials_member on credentials (member_id)`,

  `create table cards (
    card_number text primary key, uid text unique, kind text not null,
    state text not null check (state in ('issued', 'active', 'lost', 'replaced', 'blocked')),
    member_id text references members, agent text, issued_at integer not null, activated_at integer, ended_at integer,
    replaced_by text references cards) strict`,
  `create index cards_member on cards (member_id)`,

  `create table accruals (
    accrual_id text primary key, merchant_id text not null references merchants, branch_id text references branches,
    terminal_id text references terminals, member_id text not null references members, reference text not null,
    amount_minor integer check (amount_minor >= 0), currency text, points integer not null check (points >= 0),
    decision text not null, operator_points integer not null check (operator_points between 0 and points),
    refunded_minor integer not null default 0 check (refunded_minor between 0 and coalesce(amount_minor, 0)),
    refunded_points integer not null default 0 check (refunded_points between 0 and points),
    sold_at integer not null, content text not null, created_at integer not null, unique (merchant_id, reference)) strict, without rowid`,
  `create index accruals_member on accruals (member_id, accrual_id)`,
];
