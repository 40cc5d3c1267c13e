import type { Generated } from 'kysely';

export interface RewardsTable {
  reward_id: string;
  /** The merchant who is paid for it, null for the operator. */
  owner: string | null;
  /** Localised, as JSON; so is `about`. */
  name: string;
  about: string;
  price: number;
  /** `<sha256>.<extension>`, served at `/v1/pictures/`. */
  picture: string | null;
  valid_from: number;
  valid_to: number;
  per_member_limit: number | null;
  /** The campaign whose limits hold for it too. */
  campaign_id: string | null;
  state: 'draft' | 'active' | 'withdrawn';
  created_at: number;
  updated_at: number;
}

/** Units of a reward that a member holds or has had: the per-member limit is a condition on this row. */
export interface RewardUsesTable {
  member_id: string;
  reward_id: string;
  taken: number;
}

export interface PicturesTable {
  sha256: string;
  media_type: string;
  bytes: Buffer;
  created_at: number;
}

/** A `journal_lost` kiosk must be enrolled again, as a `revoked` one. */
export interface KiosksTable {
  kiosk_id: string;
  name: string;
  state: 'new' | 'enrolled' | 'revoked' | 'journal_lost';
  public_key: string | null;
  created_at: number;
  enrolled_at: number | null;
  /** Journal head last seen, null before the first hello of this enrolment. */
  journal_epoch: string | null;
  journal_seq: number;
  journal_hash: string;
  /** Of the newest connection: it fences all older ones. 0 until the first hello of this enrolment. */
  counter: number;
  planogram_version: number;
  config_revision: number;
  last_seen_at: number | null;
  /** Last `status` notice, as JSON. */
  status: string | null;
}

export interface EnrolmentCodesTable {
  code_hash: string;
  kiosk_id: string;
  created_by: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
}

export interface KioskSlotsTable {
  kiosk_id: string;
  slot: number;
  reward_id: string | null;
  capacity: number;
  on_hand: number;
  /** Units that an open redemption holds, those in doubt included. */
  reserved: number;
  in_doubt: number;
  /** 0 or 1. */
  in_service: number;
  service_epoch: number;
  out_reason: string | null;
  /** The kiosk restarted while this slot was energised: that often in a row. */
  brownouts: number;
}

export interface PlanogramVersionsTable {
  kiosk_id: string;
  version: number;
  at: number;
  actor: string;
  /** `[{slot, rewardId, capacity, price}]` as JSON. */
  slots: string;
}

export type MovementKind = 'load' | 'drop' | 'remove' | 'write_off' | 'variance' | 'count';

/** Every change of `on_hand`, append only. A `count` changes nothing itself; its difference is a `variance` row. */
export interface StockMovementsTable {
  movement_id: Generated<number>;
  kiosk_id: string;
  slot: number;
  reward_id: string | null;
  kind: MovementKind;
  change: number;
  on_hand_after: number;
  redemption_id: string | null;
  reason: string;
  actor: string;
  at: number;
}

/** A blind count, with what was expected when it was entered, and what followed. */
export interface StockCountsTable {
  count_id: string;
  kiosk_id: string;
  slot: number;
  counted: number;
  expected: number;
  in_doubt: number;
  verdict: 'agrees' | 'difference' | 'none_fell' | 'all_fell' | 'not_conclusive';
  /** The movement row of this count: movements up to it were before it. */
  movement_id: number;
  /** Variances up to this one were before it. */
  variance_seq: number;
  actor: string;
  at: number;
}

export type VarianceKind = 'stray_drop' | 'extra_drop' | 'door_opened' | 'slot_out_of_service' | 'count_difference';

/** A physical event that belongs to no redemption, or a difference found. */
export interface VariancesTable {
  variance_seq: Generated<number>;
  event_id: string;
  kiosk_id: string;
  slot: number | null;
  kind: VarianceKind;
  units: number;
  reason: string;
  redemption_id: string | null;
  at: number;
}
