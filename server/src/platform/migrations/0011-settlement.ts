export const settlementTables: readonly string[] = [
  // A run claims what was posted to \`merchant:clearing\` after the run before it and up to its own cutoff.
  `create table settlement_runs (
    run_id text primary key, number integer not null unique,
    state text not null check (state in ('open', 'cutoff', 'calculated', 'approved', 'posted', 'paid', 'partially_paid',
      'defaulted')),
    underway integer unique check (underway = 1), until integer,
    from_posting integer not null, to_posting integer, counted integer not null, disputes integer not null,
    opened_by text not null, opened_at integer not null, cutoff_by text, cutoff_at integer, calculated_at integer,
    approved_by text, approved_at integer, posted_by text, posted_at integer, ended_at integer,
    check (approved_by <> cutoff_by)) strict`,

  // What a party is owed (positive) or owes (negative) by a run, in minor units, and the seal of its statement.
  `create table settlement_nets (
    run_id text not null references settlement_runs, party text not null, currency text not null,
    name text not null, lines integer not null, totals text not null,
    net_minor integer not null, prepaid_minor integer not null, reserve_minor integer not null,
    payable_minor integer not null, paid_minor integer not null,
    head text not null, key_id text not null, signature text not null,
    state text not null check (state in ('calculated', 'open', 'paid', 'defaulted')),
    primary key (run_id, party, currency)) strict, without rowid`,
  `create index settlement_nets_party on settlement_nets (party, run_id)`,

  // Money that reached or left the bank for a run; positive went to the party.
  `create table settlement_payments (
    payment_id text primary key, run_id text not null, party text not null, currency text not null,
    amount_minor integer not null check (amount_minor <> 0), reference text not null unique, recorded_by text not null,
    at integer not null,
    foreign key (run_id, party, currency) references settlement_nets) strict`,
  `create index settlement_payments_net on settlement_payments (run_id, party, currency)`,

  // A line that its party does not accept waits in suspense until two people have decided.
  `create table money_disputes (
    dispute_id text primary key, posting_id integer not null references money_postings, party text not null,
    currency text not null, amount_minor integer not null check (amount_minor <> 0), run_id text, reason text not null,
    state text not null check (state in ('open', 'upheld', 'rejected')),
    opened_by text not null, opened_at integer not null, closed_at integer, bearer text) strict`,
  `create unique index money_disputes_open on money_disputes (posting_id) where state <> 'rejected'`,
  `create index money_disputes_party on money_disputes (party, dispute_id)`,
];
