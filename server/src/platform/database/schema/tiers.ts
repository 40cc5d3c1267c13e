/** One version of the ladder of tiers; versions are added, never changed. The one in force is the last that has begun. */
export interface TierLaddersTable {
  version: number;
  /** IANA name: days begin and end by it. */
  time_zone: string;
  /** Qualifying points count for so many days; null for the calendar year. */
  span_days: number | null;
  /** A tier that is not deserved any more is kept for so many days. */
  grace_days: number;
  starts_at: number;
  created_at: number;
  created_by: string;
}

/** A tier of a ladder; levels go up from 1. Level 0 is no tier. */
export interface TiersTable {
  version: number;
  level: number;
  code: string;
  /** Localised, as JSON. */
  name: string;
  /** Qualifying points within the span. */
  points: number;
  /** Days since the member joined. */
  member_days: number;
}

/** Qualifying points of a sale: line 1 is the whole sale, later lines what came back of it, on the same day. */
export interface TierPostingsTable {
  member_id: string;
  accrual_id: string;
  line: number;
  /** Days from 1970-01-01, as all days here. */
  day: number;
  points: number;
  at: number;
}

/** Where a member stands by a ladder, as it was counted on a day. */
export interface TierStandingsTable {
  member_id: string;
  version: number;
  level: number;
  code: string | null;
  joined_on: number;
  /** The first day whose points count. */
  span_from: number;
  counted_on: number;
  /** From `span_from` to `counted_on`, both included. */
  points: number;
  /** With so many points the member rises, on the day on which it was counted. */
  rises_at: number;
  /** The last day on which a tier is kept that is not deserved any more. */
  grace_until: number | null;
  /** The next day on which something may change without a sale; null for none. */
  review_on: number | null;
  /** How many changes are kept. */
  changes: number;
}

/** What became of a member's tier, and why. */
export interface TierChangesTable {
  member_id: string;
  seq: number;
  kind: 'raised' | 'grace' | 'kept' | 'lowered' | 'moved';
  reason: 'sale' | 'refund' | 'time' | 'ladder';
  from_code: string | null;
  to_code: string | null;
  version: number;
  points: number;
  grace_until: number | null;
  /** The sale that brought it about, or came back. */
  accrual_id: string | null;
  actor: string;
  at: number;
}
