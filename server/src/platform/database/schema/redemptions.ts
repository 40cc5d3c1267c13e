import type { BookEvent, BookState } from '@tessera/shared/redemption/books';

export interface KioskSessionsTable {
  session_id: string;
  kiosk_id: string;
  member_id: string;
  method: 'qr' | 'card' | 'member_id';
  card_number: string | null;
  /** The rotating QR that opened it. */
  credential_id: string | null;
  credential_step: number | null;
  opened_at: number;
  expires_at: number;
  ended_at: number | null;
}

/** One redemption id for ever. Member, reward and slot are null on a tombstone of an id that was never asked for. */
export interface RedemptionsTable {
  redemption_id: string;
  kind: 'walk_up' | 'pickup';
  kiosk_id: string;
  slot: number | null;
  reward_id: string | null;
  member_id: string | null;
  session_id: string | null;
  price: number;
  state: BookState;
  /** Why it was refused: a problem as JSON. */
  problem: string | null;
  grant_text: string | null;
  /** When silence makes it overdue; null while it waits for nothing. */
  overdue_at: number | null;
  overdue_since: number | null;
  outcome: 'dropped' | 'not_dropped' | 'unknown' | null;
  evidence: string | null;
  /** Who ended it: `kiosk`, `count`, `staff`, … */
  decided_by: string | null;
  /** Drops beyond the first that were written off for it. */
  extra_drops: number;
  /** How often two staff turned it round by new postings after it had ended. */
  corrections: number;
  /** Rows of its timeline. */
  events: number;
  created_at: number;
  updated_at: number;
  ended_at: number | null;
}

/** The timeline: one row a change, and one for each contradiction. */
export interface RedemptionEventsTable {
  redemption_id: string;
  seq: number;
  at: number;
  event: BookEvent | 'cancel_asked' | 'expired' | 'extra_drop' | 'corrected' | 'proposed';
  from_state: BookState;
  to_state: BookState;
  actor: string;
  detail: string;
}

/** A proposal of one person and the confirmation of another, for a redemption in doubt or for a discrepancy. */
export interface ResolutionsTable {
  resolution_id: string;
  redemption_id: string;
  discrepancy_id: string | null;
  verdict: 'captured' | 'released' | 'dismissed';
  reason: string;
  state: 'proposed' | 'confirmed' | 'overtaken';
  proposed_by: string;
  proposed_at: number;
  confirmed_by: string | null;
  confirmed_at: number | null;
}

/** Evidence that contradicts what was booked: nothing is overwritten, two staff decide. */
export interface DiscrepanciesTable {
  discrepancy_id: string;
  redemption_id: string;
  kiosk_id: string;
  event: BookEvent;
  state_then: BookState;
  detail: string;
  state: 'open' | 'closed';
  opened_at: number;
  closed_at: number | null;
}

/** An order for a kiosk. `ending` is what was asked; the points go back when the kiosk has acknowledged its revocation. */
export interface PickupsTable {
  redemption_id: string;
  kiosk_id: string;
  expires_at: number;
  code: string;
  ending: 'cancelled' | 'expired' | null;
  ending_at: number | null;
  ending_by: string | null;
}
