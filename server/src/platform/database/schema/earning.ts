import type { Generated } from 'kysely';

/** One version of an earning rule; versions are added, never changed. The one in force is the last that has begun. */
export interface EarningRulesTable {
  rule_id: string;
  version: number;
  /** Null for a rule of the whole alliance. */
  merchant_id: string | null;
  name: string;
  /** JSON. */
  definition: string;
  starts_at: number;
  ends_at: number | null;
  created_at: number;
  created_by: string;
}

/** How often a rule fired for a member within a span: `ever`, `y2026`, `m2026-03` or `d2026-03-29`. */
export interface EarningCountersTable {
  member_id: string;
  rule_id: string;
  span: string;
  points: number;
  times: number;
  last_at: number;
}

/** What a rule with a budget has given to everybody. */
export interface EarningBudgetsTable {
  rule_id: string;
  points: number;
  times: number;
  last_at: number;
}

/** What was sold in one accrual, where the till sent it. Their amounts and points add up to the accrual's. */
export interface AccrualLinesTable {
  accrual_id: string;
  line: number;
  product: string;
  category: string | null;
  amount_minor: number;
  points: number;
  refunded_minor: Generated<number>;
  refunded_points: Generated<number>;
}

/** Goods that came back. Its points were taken pending first, then available, the rest is owed. */
export interface AccrualRefundsTable {
  refund_id: string;
  accrual_id: string;
  /** The till's own number of it; one sale uses it once. */
  reference: string;
  amount_minor: number;
  points: number;
  from_pending: number;
  from_available: number;
  owed: number;
  /** What of which line, as JSON; empty where the sale has none. */
  lines: string;
  reason: string;
  actor: string;
  created_at: number;
}
