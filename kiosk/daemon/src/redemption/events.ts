import type { Problem } from '@tessera/shared/problem';

/** What a running redemption tells the session. The last one is always one of the ends. */
export type RedemptionNews =
  | { readonly type: 'authorised'; readonly pointsAfter: number }
  | { readonly type: 'phase'; readonly phase: 'turning' | 'watching' | 'settling' }
  | { readonly type: 'refused'; readonly problem: Problem }
  /** Ended before a drop was possible, not by the server's refusal. */
  | { readonly type: 'gave_up'; readonly code: GiveUpCode }
  | { readonly type: 'dropped' }
  | { readonly type: 'not_dropped' }
  | { readonly type: 'unknown' };

/** `unavailable`: no word from the server; `never_energised`: beam or guard were not ready, or vendBy passed; `pickup_code_invalid`: the order was withdrawn meanwhile. */
export type GiveUpCode = 'unavailable' | 'never_energised' | 'pickup_code_invalid';

export type Tell = (news: RedemptionNews) => void;

/** One gift for one member: what the person confirmed. */
export type WalkUp = {
  readonly redemptionId: string;
  readonly sessionId: string;
  readonly rewardId: string;
  readonly price: number;
  readonly slot: number;
  readonly planogramVersion: number;
};

/** One gift of a web order: what a verified code says, and the slot chosen here. */
export type Pickup = {
  readonly redemptionId: string;
  readonly rewardId: string;
  readonly price: number;
  readonly slot: number;
  readonly code: string;
};
