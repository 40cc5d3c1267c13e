import type { Localised } from '@tessera/shared/ids/schemas';
import type { Db } from '../../platform/database/database.ts';

/** What redemptions ask of members: may this person redeem now? */
export interface MembersPort {
  find(db: Db, memberId: string): Promise<{ readonly state: 'active' | 'suspended' | 'closed' } | undefined>;
}

/** What redemptions ask of cards. */
export interface CardsPort {
  isActive(db: Db, cardNumber: string): Promise<boolean>;
}

/** A reward as far as redeeming it goes; dates in ms, `validUntil` included. */
export interface OfferedReward {
  readonly rewardId: string;
  readonly name: Localised;
  readonly about: Localised;
  readonly picture: string | null;
  readonly price: number;
  readonly perMemberLimit: number | null;
  /** Who is paid for it; null is the operator. */
  readonly ownerMerchantId: string | null;
  readonly state: 'draft' | 'active' | 'withdrawn';
  readonly validFrom: number;
  readonly validUntil: number | null;
}

/** What redemptions ask of rewards. */
export interface RewardsPort {
  find(db: Db, rewardId: string): Promise<OfferedReward | undefined>;
}
