/** A run's way from its opening to the last payment. */
export type SettlementState =
  'open' | 'cutoff' | 'calculated' | 'approved' | 'posted' | 'paid' | 'partially_paid' | 'defaulted';

export interface SettlementRunsTable {
  run_id: string;
  /** 1 for the first run. */
  number: number;
  state: SettlementState;
  /** 1 until it is posted, then null: one run at a time is underway. */
  underway: 1 | null;
  /** The time that the cutoff was asked for; postings before it are claimed. */
  until: number | null;
  /** Postings above this and up to `to_posting` are claimed, whatever their time. */
  from_posting: number;
  to_posting: number | null;
  /** Lines counted so far, or in all. */
  counted: number;
  /** Disputes that were opened inside it: a calculation that has missed one is made again. */
  disputes: number;
  opened_by: string;
  opened_at: number;
  cutoff_by: string | null;
  cutoff_at: number | null;
  calculated_at: number | null;
  approved_by: string | null;
  approved_at: number | null;
  posted_by: string | null;
  posted_at: number | null;
  ended_at: number | null;
}

/** One statement: a party's lines of a run in one currency. */
export interface SettlementNetsTable {
  run_id: string;
  party: string;
  currency: string;
  /** What the party was called when it was calculated. */
  name: string;
  lines: number;
  /** JSON: amount, points and lines of each kind. */
  totals: string;
  net_minor: number;
  /** What its prepaid money covers of what it owes. */
  prepaid_minor: number;
  /** What is kept back of what it is owed. */
  reserve_minor: number;
  /** What is left: positive to be paid to it, negative by it. */
  payable_minor: number;
  /** What of that has been paid, with the same sign. */
  paid_minor: number;
  /** The last hash of its lines' chain. */
  head: string;
  key_id: string;
  signature: string;
  state: 'calculated' | 'open' | 'paid' | 'defaulted';
}

export interface SettlementPaymentsTable {
  payment_id: string;
  run_id: string;
  party: string;
  currency: string;
  amount_minor: number;
  reference: string;
  recorded_by: string;
  at: number;
}

export interface MoneyDisputesTable {
  dispute_id: string;
  posting_id: number;
  party: string;
  currency: string;
  /** The disputed line's amount. */
  amount_minor: number;
  /** The run that it was taken out of; null where it goes back by the next. */
  run_id: string | null;
  reason: string;
  state: 'open' | 'upheld' | 'rejected';
  opened_by: string;
  opened_at: number;
  closed_at: number | null;
  /** Who bears an upheld dispute. */
  bearer: string | null;
}
