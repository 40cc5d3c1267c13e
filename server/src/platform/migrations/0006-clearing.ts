/** Money accounts that belong to a party; all others are the alliance's own. */
const PARTY_ACCOUNTS = `'merchant:clearing', 'merchant:payable', 'merchant:suspense', 'prepaid', 'reserve', 'points_fund'`;

export const clearingTables: readonly string[] = [
  // Where a merchant's sales may still issue points; set and lifted by clearing alone.
  `alter table merchants add column issuing_suspended_at integer`,

  // A rate is never changed: a newer one follows it. Prices are millionths of a minor unit for one point.
  `create table clearing_rates (
    rate_id text primary key, party text not null, currency text not null,
    basis text not null check (basis in ('on_issue', 'on_redeem')),
    face_micro integer not null check (face_micro > 0), issue_micro integer not null, redeem_micro integer not null,
    issuer_share_ppm integer not null check (issuer_share_ppm between 0 and 1000000),
    valid_from integer not null, proposal_id text not null,
    check (issue_micro >= face_micro), check (redeem_micro between 0 and face_micro)) strict`,
  `create index clearing_rates_valid on clearing_rates (currency, party, valid_from)`,

  `create table clearing_parties (
    party text primary key, currency text not null, credit_limit_minor integer check (credit_limit_minor >= 0),
    reserve_ppm integer not null check (reserve_ppm between 0 and 1000000),
    reserve_cap_minor integer not null check (reserve_cap_minor >= 0),
    holder text, iban text, bic text, wound_down_at integer) strict`,
  `insert into clearing_parties (party, currency, reserve_ppm, reserve_cap_minor) values ('operator', 'EUR', 0, 0)`,

  // What each lot was issued at: it is cleared at its own rate whatever follows. Lots of a time without rates have none.
  `create table clearing_lots (
    member_id text not null references members, lot_id text not null, issuer text not null, subject text not null,
    rate_id text not null references clearing_rates, primary key (member_id, lot_id)) strict, without rowid`,
  `create index clearing_lots_subject on clearing_lots (member_id, subject)`,
  `create table clearing_debts (
    member_id text not null references members, issuer text not null, rate_id text not null references clearing_rates,
    points integer not null, primary key (member_id, issuer, rate_id)) strict, without rowid`,

  // Append only. Positive into the account. \`rest\` is what rounding left: exact value in millionths − amount × 1,000,000.
  `create table money_postings (
    posting_id integer primary key autoincrement, transaction_id text not null,
    kind text not null check (kind in ('issue', 'burn', 'return', 'clawback', 'expire', 'repay', 'fee', 'charge',
      'settle', 'payment', 'prepay', 'dispute', 'default', 'wind_down')),
    account text not null check (account in (${PARTY_ACCOUNTS}, 'fee_income', 'breakage_income', 'commission',
      'gateway_payable', 'tax', 'rounding', 'exchange', 'default_loss', 'bank')),
    party text not null, currency text not null, counterparty text not null,
    amount integer not null, rest integer not null, points integer not null,
    subject text not null, run_id text, at integer not null,
    check (party = 'operator' or account in (${PARTY_ACCOUNTS}))) strict`,
  `create index money_postings_subject on money_postings (subject)`,
  `create index money_postings_clearing on money_postings (party, posting_id) where account = 'merchant:clearing'`,
  `create index money_postings_run on money_postings (run_id) where run_id is not null`,

  // Sums of all postings up to the mark 'balances'; what came later is added when somebody asks.
  `create table money_balances (
    account text not null, party text not null, currency text not null,
    amount integer not null, rest integer not null, points integer not null,
    primary key (party, account, currency)) strict, without rowid`,
  `create table money_marks (name text primary key, posting_id integer not null) strict, without rowid`,
  `insert into money_marks (name, posting_id) values ('balances', 0)`,

  // What one person wants and another must confirm before money moves.
  `create table money_proposals (
    proposal_id text primary key, action text not null, party text, body text not null, reason text not null,
    state text not null check (state in ('proposed', 'confirmed', 'rejected')),
    proposed_by text not null, proposed_at integer not null, decided_by text, decided_at integer,
    check (decided_by <> proposed_by or state <> 'confirmed')) strict`,

  `create table merchant_fees (
    fee_id text primary key, party text not null, currency text not null, amount_minor integer not null check (amount_minor >= 0),
    from_month text not null, proposal_id text not null) strict`,
  `create index merchant_fees_party on merchant_fees (party, from_month)`,
  `create table fee_charges (
    party text not null, month text not null, transaction_id text not null, primary key (party, month)) strict, without rowid`,

  // Money that reached or left the bank outside of a settlement run. A reference counts once.
  `create table prepayments (
    prepayment_id text primary key, party text not null, currency text not null,
    amount_minor integer not null check (amount_minor > 0), reference text not null unique, at integer not null) strict`,
];
