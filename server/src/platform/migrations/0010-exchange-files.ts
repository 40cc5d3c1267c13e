export const exchangeFileTables: readonly string[] = [
  `create table imports (
    import_id text primary key, kind text not null, name text not null,
    dry_run integer not null check (dry_run in (0, 1)), state text not null check (state in ('open', 'ended')),
    lines integer not null, taken integer not null, repeated integer not null, refused integer not null,
    started_by text not null, started_at integer not null, ended_at integer,
    check (lines = taken + repeated + refused)) strict`,

  `create table import_refusals (
    import_id text not null references imports, line integer not null, code text not null, problem text not null,
    primary key (import_id, line)) strict, without rowid`,
];
