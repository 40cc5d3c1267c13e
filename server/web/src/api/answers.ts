import type { BookState } from '@tessera/shared/redemption/books';

/** What the page reads of the server's answers. The server's schemas are the truth; a contract test holds both together. */
export type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

export type LocalText = { readonly zh: string; readonly en: string; readonly ar: string };

export type KioskState = 'new' | 'enrolled' | 'revoked' | 'journal_lost';

export type LiveStatus = {
  readonly online: boolean;
  readonly lastSeenAt: number | null;
  readonly screen: string | null;
  readonly tray: string | null;
  readonly door: string | null;
  readonly problems: readonly string[];
  readonly outbox: number | null;
};

export type Kiosk = {
  readonly kioskId: string;
  readonly name: string;
  readonly state: KioskState;
  readonly live: LiveStatus;
};

export type Reward = {
  readonly rewardId: string;
  readonly name: LocalText;
  readonly price: number;
  readonly picture: string | null;
};

export type Slot = {
  readonly slot: number;
  readonly rewardId: string | null;
  readonly capacity: number;
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
  readonly inService: boolean;
  readonly outReason: string | null;
  readonly inDoubt: number;
};

export type Redemption = {
  readonly redemptionId: string;
  readonly kind: 'walk_up' | 'pickup';
  readonly kioskId: string;
  readonly slot: number | null;
  readonly rewardId: string | null;
  readonly memberId: string | null;
  readonly price: number;
  readonly state: BookState;
  readonly createdAt: number;
  readonly updatedAt: number;
};

export type TimelineEvent = {
  readonly at: number;
  readonly event: string;
  readonly from: BookState;
  readonly to: BookState;
  readonly by: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

export type Discrepancy = {
  readonly discrepancyId: string;
  readonly redemptionId: string;
  readonly event: string;
  readonly stateThen: string;
  readonly state: 'open' | 'closed';
  readonly openedAt: number;
};

export type Resolution = {
  readonly resolutionId: string;
  readonly discrepancyId: string | null;
  readonly outcome: 'captured' | 'released' | 'dismissed';
  readonly reason: string;
  readonly state: 'proposed' | 'confirmed' | 'overtaken';
  readonly proposedBy: string;
  readonly confirmedBy: string | null;
};

export type RedemptionDetail = Redemption & {
  readonly evidence: Readonly<Record<string, string | number | null>> | null;
  readonly events: readonly TimelineEvent[];
  readonly resolutions: readonly Resolution[];
};

/** An order for a kiosk; `ending` is what was asked, the points go back when the kiosk has acknowledged it. */
export type Pickup = {
  readonly redemptionId: string;
  readonly state: BookState;
  readonly code: string;
  readonly expiresAt: number;
  readonly ending: 'cancelled' | 'expired' | null;
};

export type CountVerdict = 'agrees' | 'difference' | 'none_fell' | 'all_fell' | 'not_conclusive';
/** `underWay`: units whose redemption has not ended, and which may therefore have fallen. */
export type Count = { readonly verdict: CountVerdict; readonly underWay: number };

export type CheckResult = {
  readonly ok: boolean;
  readonly checkedAt: number;
  readonly checks: readonly {
    readonly name: string;
    readonly about: string;
    readonly ok: boolean | null;
    readonly rows: readonly Readonly<Record<string, unknown>>[];
  }[];
};

export type Admin = { readonly id: string; readonly login: string; readonly name: string };
