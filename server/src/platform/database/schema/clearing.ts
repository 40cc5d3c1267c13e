import type { Generated } from 'kysely';

/** The alliance's operator where it is a party like a merchant. */
export const OPERATOR = 'operator';

/** When an issuer pays for its points: when it gives them, or when they are burnt. */
export type ClearingBasis = 'on_issue' | 'on_redeem';

/** Millionths of a minor unit for one point, from a time on. `party` is a merchant, the operator, or `*` for all. */
export interface ClearingRatesTable {
  rate_id: string;
  party: string;
  currency: string;
  basis: ClearingBasis;
  /** What a point is worth in the fund. */
  face_micro: number;
  /** What its issuer pays: the face and the fee. */
  issue_micro: number;
  /** What its redeemer is paid. */
  redeem_micro: number;
  /** The issuer's share of the face that expires, in millionths. */
  issuer_share_ppm: number;
  valid_from: number;
  proposal_id: string;
}

export interface ClearingPartiesTable {
  party: string;
  currency: string;
  /** How much the party may owe; null for any amount. */
  credit_limit_minor: number | null;
  /** What is kept back of each pay-out, in millionths, until the reserve holds the cap. */
  reserve_ppm: number;
  reserve_cap_minor: number;
  /** The bank account that is paid. */
  holder: string | null;
  iban: string | null;
  bic: string | null;
  wound_down_at: number | null;
}

/** The rate of a lot, and the sale (or the lot itself) on whose whole its money is rounded. */
export interface ClearingLotsTable {
  member_id: string;
  lot_id: string;
  issuer: string;
  subject: string;
  rate_id: string;
}

/** Points that the fund of an issuer has lent a member at a rate, or (less than none) keeps for it. */
export interface ClearingDebtsTable {
  member_id: string;
  issuer: string;
  rate_id: string;
  points: number;
}

export type MoneyAccount =
  | 'merchant:clearing'
  | 'merchant:payable'
  | 'merchant:suspense'
  | 'prepaid'
  | 'reserve'
  | 'points_fund'
  | 'fee_income'
  | 'breakage_income'
  | 'commission'
  | 'gateway_payable'
  | 'tax'
  | 'rounding'
  | 'exchange'
  | 'default_loss'
  | 'bank';

export type MoneyKind =
  | 'issue'
  | 'burn'
  | 'return'
  | 'clawback'
  | 'expire'
  | 'repay'
  | 'fee'
  | 'charge'
  | 'settle'
  | 'payment'
  | 'prepay'
  | 'dispute'
  | 'default'
  | 'wind_down';

/** Append only; the postings of a transaction sum to zero in each currency. */
export interface MoneyPostingsTable {
  /** Rises with every posting: settlement claims them by it. */
  posting_id: Generated<number>;
  /** The point transaction that it follows, or one of its own. */
  transaction_id: string;
  kind: MoneyKind;
  account: MoneyAccount;
  /** Whose account; of `points_fund` the issuer whose points it covers. */
  party: string;
  currency: string;
  /** The party on the other side, '' where there are several or none. */
  counterparty: string;
  /** Minor units, positive into the account. */
  amount: number;
  /** Exact value in millionths of a minor unit, less `amount` × 1,000,000. */
  rest: number;
  /** Points behind it, signed as the amount. */
  points: number;
  /** What is rounded as a whole: a sale, a burn, a lot, or what moved the money otherwise. */
  subject: string;
  /** The settlement run that a posting belongs to by itself, instead of by its place. */
  run_id: string | null;
  at: number;
}

/** Sums of postings up to the mark `balances`. */
export interface MoneyBalancesTable {
  account: MoneyAccount;
  party: string;
  currency: string;
  amount: number;
  rest: number;
  points: number;
}

export interface MoneyMarksTable {
  name: 'balances';
  posting_id: number;
}

/** A change of money or terms that a second person confirms. */
export interface MoneyProposalsTable {
  proposal_id: string;
  action: string;
  /** Whom it is about; null for the whole alliance. */
  party: string | null;
  /** JSON, as it was asked for. */
  body: string;
  reason: string;
  state: 'proposed' | 'confirmed' | 'rejected';
  proposed_by: string;
  proposed_at: number;
  decided_by: string | null;
  decided_at: number | null;
}

/** What a merchant pays each month from a month on (`2026-01`). */
export interface MerchantFeesTable {
  fee_id: string;
  party: string;
  currency: string;
  amount_minor: number;
  from_month: string;
  proposal_id: string;
}

export interface FeeChargesTable {
  party: string;
  month: string;
  transaction_id: string;
}

export interface PrepaymentsTable {
  prepayment_id: string;
  party: string;
  currency: string;
  amount_minor: number;
  reference: string;
  at: number;
}
