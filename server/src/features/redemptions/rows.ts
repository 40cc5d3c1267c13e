import type { RedemptionRow } from './store.ts';

/** A redemption that is not stored yet: nothing is known of it but its id and its kiosk. */
export function unseen(redemptionId: string, kioskId: string, at: number): RedemptionRow {
  return {
    redemption_id: redemptionId,
    kind: 'walk_up',
    kiosk_id: kioskId,
    slot: null,
    reward_id: null,
    member_id: null,
    session_id: null,
    price: 0,
    state: 'none',
    problem: null,
    grant_text: null,
    overdue_at: null,
    overdue_since: null,
    outcome: null,
    evidence: null,
    decided_by: null,
    extra_drops: 0,
    corrections: 0,
    events: 0,
    created_at: at,
    updated_at: at,
    ended_at: null,
  };
}
