/** Points that a member pays with at a counter. Its hold in the ledger has its id. */
export interface PaymentsTable {
  payment_id: string;
  member_id: string;
  merchant_id: string;
  branch_id: string | null;
  terminal_id: string | null;
  /** The till's own number; one merchant uses it once. */
  reference: string;
  points: number;
  captured: number;
  returned: number;
  /** What the merchant is paid for the points, at the rate of clearing when they were held; null where there is none. */
  amount_minor: number | null;
  currency: string | null;
  /** The lines of what was bought, each with its share of the captured points, as JSON. */
  lines: string | null;
  approved_by: 'qr' | 'pin';
  state: 'held' | 'captured' | 'voided';
  /** A hold that is neither captured nor voided by then is given back. */
  expires_at: number;
  created_at: number;
  updated_at: number;
}

/** What came back of a payment, once each: a line of it, or a number of points under a reference of the till. */
export interface PaymentRefundsTable {
  payment_id: string;
  refund_id: string;
  points: number;
  line: string | null;
  reason: string;
  actor: string;
  at: number;
}
