/** System accounts belong to nobody; a posting to one still says whose transaction it is. */
export const pointAccounts = [
  'issuance',
  'redeemed',
  'expired',
  'transferred',
  'member:pending',
  'member:available',
  'member:held',
  'member:debt',
] as const;
export type PointAccount = (typeof pointAccounts)[number];

export const pointTransactionKinds = [
  'earn',
  'vest',
  'hold',
  'capture',
  'release',
  'refund',
  'correct',
  'clawback',
  'repay',
  'expire',
  'transfer',
  'adjust',
] as const;
export type PointTransactionKind = (typeof pointTransactionKinds)[number];

/** What belongs together: its postings sum to zero. One member's, always. */
export interface PointTransactionsTable {
  member_id: string;
  transaction_id: string;
  kind: PointTransactionKind;
  hold_id: string | null;
  accrual_id: string | null;
  /** What else it is about: a transfer's or an adjustment's id, a lot, the event that made points vest. */
  reference: string | null;
  reason: string;
  actor: string;
  at: number;
}

/** Append only. Points that move into or out of `pending` and `available` say in which lot. */
export interface PointPostingsTable {
  member_id: string;
  transaction_id: string;
  line: number;
  account: PointAccount;
  lot_id: string | null;
  points: number;
}

/** Roll-up of a member's postings. System accounts have none: their sum is read from the postings. */
export interface BalancesTable {
  member_id: string;
  pending: number;
  available: number;
  held: number;
  /** What is owed, as a positive number. */
  debt: number;
  /** 1 once the member has had a lot that lives on activity: then each activity renews such lots. */
  renews: number;
}

/** Points that were earned together and expire together. */
export interface PointLotsTable {
  member_id: string;
  lot_id: string;
  /** The merchant that issued them, null for the operator. */
  issuer: string | null;
  rule: string;
  /** The sale that they came of. */
  accrual_id: string | null;
  earned_at: number;
  /** `NEVER` where they do not expire. */
  expires_at: number;
  /** They expire so long after the member's last activity, which moves `expires_at`; null where the date stands. */
  idle_ms: number | null;
  points: number;
  /** Available. */
  remaining: number;
  /** Not available yet. */
  pending: number;
  /** When pending points become available; null where an event decides, or nothing is pending. */
  vest_at: number | null;
  /** The event that makes them available. */
  vest_on: string | null;
  /** The lot of another member that they were transferred from. */
  origin_lot_id: string | null;
  transaction_id: string;
}

/** Stands for "does not expire": the last millisecond of the year 9999. */
export const NEVER = 253_402_300_799_999;

/** Points set aside, for a redemption (whose id it has) or a payment. */
export interface HoldsTable {
  member_id: string;
  hold_id: string;
  purpose: 'redemption' | 'payment';
  /** The merchant that is paid when they are burnt, null for the operator. */
  beneficiary: string | null;
  points: number;
  /** How many of those taken no lot could cover: the member owes them. */
  owed: number;
  captured: number;
  /** How many of the captured came back. */
  returned: number;
  state: 'open' | 'captured' | 'released';
  created_at: number;
}

/** Which lots a hold took its points from, in the order of burning. A released hold has none. */
export interface HoldLotsTable {
  member_id: string;
  hold_id: string;
  line: number;
  lot_id: string;
  points: number;
  /** How many of them came back after the capture. */
  returned: number;
}

/** A change of points by hand: proposed by one person, confirmed by another. */
export interface PointAdjustmentsTable {
  member_id: string;
  adjustment_id: string;
  /** Positive gives, negative takes. */
  points: number;
  /** Of points that are given; null for never. */
  expires_at: number | null;
  reason: string;
  state: 'proposed' | 'confirmed' | 'withdrawn';
  proposed_by: string;
  proposed_at: number;
  decided_by: string | null;
  decided_at: number | null;
  transaction_id: string | null;
}
