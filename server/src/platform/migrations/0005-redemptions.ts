const STATES = `'none', 'held', 'held_overdue', 'vending', 'vending_overdue', 'in_doubt', 'captured', 'released', 'refused'`;

export const redemptionTables: readonly string[] = [
  `create table kiosk_sessions (
    session_id text primary key, kiosk_id text not null references kiosks, member_id text not null references members,
    method text not null check (method in ('qr', 'card', 'member_id')), card_number text references cards,
    credential_id text references credentials, credential_step integer,
    opened_at integer not null, expires_at integer not null, ended_at integer) strict`,
  `create index kiosk_sessions_open on kiosk_sessions (kiosk_id, session_id) where ended_at is null`,

  `create table redemptions (
    redemption_id text primary key, kind text not null check (kind in ('walk_up', 'pickup')),
    kiosk_id text not null references kiosks, slot integer, reward_id text references rewards,
    member_id text references members, session_id text references kiosk_sessions, price integer not null check (price >= 0),
    state text not null check (state in (${STATES})), problem text, grant_text text,
    overdue_at integer, overdue_since integer,
    outcome text check (outcome in ('dropped', 'not_dropped', 'unknown')), evidence text, decided_by text,
    extra_drops integer not null default 0, corrections integer not null default 0,
    events integer not null default 0,
    created_at integer not null, updated_at integer not null, ended_at integer) strict`,
  `create index redemptions_kiosk on redemptions (kiosk_id, state)`,
  `create index redemptions_overdue on redemptions (overdue_at) where overdue_at is not null`,
  `create index redemptions_doubt_due on redemptions (overdue_since) where overdue_since is not null`,
  `create index redemptions_member on redemptions (member_id, redemption_id)`,

  `create table redemption_events (
    redemption_id text not null references redemptions, seq integer not null, at integer not null, event text not null,
    from_state text not null check (from_state in (${STATES})), to_state text not null check (to_state in (${STATES})),
    actor text not null, detail text not null, primary key (redemption_id, seq)) strict, without rowid`,

  `create table discrepancies (
    discrepancy_id text primary key, redemption_id text not null references redemptions,
    kiosk_id text not null references kiosks, event text not null, state_then text not null, detail text not null,
    state text not null check (state in ('open', 'closed')), opened_at integer not null, closed_at integer,
    unique (redemption_id, event, state_then)) strict`,

  `create table resolutions (
    resolution_id text primary key, redemption_id text not null references redemptions,
    discrepancy_id text references discrepancies,
    verdict text not null check (verdict in ('captured', 'released', 'dismissed')), reason text not null,
    state text not null check (state in ('proposed', 'confirmed', 'overtaken')),
    proposed_by text not null, proposed_at integer not null, confirmed_by text, confirmed_at integer,
    check (confirmed_by is null or confirmed_by <> proposed_by)) strict`,
  `create index resolutions_redemption on resolutions (redemption_id)`,

  `create table pickups (
    redemption_id text primary key references redemptions, kiosk_id text not null references kiosks,
    expires_at integer not null, code text not null,
    ending text check (ending in ('cancelled', 'expired')), ending_at integer, ending_by text) strict`,
  `create index pickups_kiosk on pickups (kiosk_id, expires_at)`,
  `create index pickups_expiry on pickups (expires_at) where ending is null`,
];
