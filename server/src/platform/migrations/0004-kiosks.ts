export const kioskTables: readonly string[] = [
  `create table pictures (
    sha256 text primary key, media_type text not null, bytes blob not null, created_at integer not null) strict`,

  `create table rewards (
    reward_id text primary key, owner text references merchants, name text not null, about text not null,
    price integer not null check (price > 0), picture text,
    valid_from integer not null, valid_to integer not null, per_member_limit integer check (per_member_limit > 0),
    state text not null check (state in ('draft', 'active', 'withdrawn')),
    created_at integer not null, updated_at integer not null) strict`,

  `create table reward_uses (
    member_id text not null references members, reward_id text not null references rewards,
    taken integer not null check (taken >= 0), primary key (member_id, reward_id)) strict, without rowid`,

  `create table kiosks (
    kiosk_id text primary key, name text not null,
    state text not null check (state in ('new', 'enrolled', 'revoked', 'journal_lost')),
    public_key text unique, created_at integer not null, enrolled_at integer,
    journal_epoch text, journal_seq integer not null default 0, journal_hash text not null default '',
    counter integer not null default 0, planogram_version integer not null default 0,
    config_revision integer not null default 1, last_seen_at integer, status text) strict`,

  `create table enrolment_codes (
    code_hash text primary key, kiosk_id text not null references kiosks, created_by text not null,
    created_at integer not null, expires_at integer not null, used_at integer) strict`,

  `create table kiosk_slots (
    kiosk_id text not null references kiosks, slot integer not null check (slot between 1 and 99),
    reward_id text references rewards, capacity integer not null check (capacity >= 0),
    on_hand integer not null check (on_hand >= 0), reserved integer not null default 0, in_doubt integer not null default 0,
    in_service integer not null check (in_service in (0, 1)), service_epoch integer not null default 0, out_reason text,
    brownouts integer not null default 0, check (reserved >= in_doubt and in_doubt >= 0), primary key (kiosk_id, slot)) strict, without rowid`,

  `create table planogram_versions (
    kiosk_id text not null references kiosks, version integer not null, at integer not null, actor text not null,
    slots text not null, primary key (kiosk_id, version)) strict`,

  `create table stock_movements (
    movement_id integer primary key autoincrement, kiosk_id text not null, slot integer not null, reward_id text,
    kind text not null check (kind in ('load', 'drop', 'remove', 'write_off', 'variance', 'count')),
    change integer not null, on_hand_after integer not null check (on_hand_after >= 0), redemption_id text,
    reason text not null, actor text not null, at integer not null,
    foreign key (kiosk_id, slot) references kiosk_slots) strict`,
  `create index stock_movements_slot on stock_movements (kiosk_id, slot, movement_id)`,

  `create table stock_counts (
    count_id text primary key, kiosk_id text not null, slot integer not null,
    counted integer not null check (counted >= 0), expected integer not null, in_doubt integer not null,
    verdict text not null check (verdict in ('agrees', 'difference', 'none_fell', 'all_fell', 'not_conclusive')),
    movement_id integer not null references stock_movements, variance_seq integer not null,
    actor text not null, at integer not null, foreign key (kiosk_id, slot) references kiosk_slots) strict`,
  `create index stock_counts_slot on stock_counts (kiosk_id, slot, movement_id)`,

  `create table variances (
    variance_seq integer primary key autoincrement, event_id text not null unique, kiosk_id text not null references kiosks,
    slot integer,
    kind text not null check (kind in ('stray_drop', 'extra_drop', 'door_opened', 'slot_out_of_service', 'count_difference')),
    units integer not null, reason text not null, redemption_id text, at integer not null) strict`,
  `create index variances_kiosk on variances (kiosk_id, variance_seq)`,
];
