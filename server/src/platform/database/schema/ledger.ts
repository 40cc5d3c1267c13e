/** System accounts have no member; member accounts always have one. */
export const pointAccounts = [
  'issuance',
  'redeemed',
  'expired',
  'member:pending',
  'member:available',
  'member:held',
  'member:debt',
] as const;
export type PointAccount = (typeof pointAccounts)[number];

export type PointTransactionKind = 'earn' | 'hold' | 'capture' | 'release' | 'expire' | 'correct';

/** What belongs together: its postings sum to zero. */
export interface PointTransactionsTable {
  transaction_id: string;
  kind: PointTransactionKind;
  redemption_id: string | null;
  accrual_id: string | null;
  reason: string;
  actor: string;
  at: number;
}

/** Append only. */
export interface PointPostingsTable {
  transaction_id: string;
  line: number;
  account: PointAccount;
  member_id: string | null;
  points: number;
}

/** Roll-up of a member's postings, one row an account. System accounts have none: their sum is read from the postings. */
export interface BalancesTable {
  member_id: string;
  account: PointAccount;
  points: number;
}

/** Points that were earned together and expire together. */
export interface PointLotsTable {
  lot_id: string;
  member_id: string;
  /** The merchant that issued them, null for the operator. */
  issuer: string | null;
  rule: string;
  earned_at: number;
  /** `NEVER` where they do not expire. */
  expires_at: number;
  points: number;
  remaining: number;
  transaction_id: string;
}

/** Stands for "does not expire": the last millisecond of the year 9999. */
export const NEVER = 253_402_300_799_999;

/** Which lots an open (or captured) redemption took its points from. Released holds delete their rows. */
export interface HoldLotsTable {
  redemption_id: string;
  lot_id: string;
  points: number;
}
