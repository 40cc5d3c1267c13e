import type { Localised } from '@tessera/shared/ids/schemas';
import type { Problem } from '@tessera/shared/problem';
import type { Result } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
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
  /** The campaign whose limits hold for it too. */
  readonly campaignId: string | null;
  readonly state: 'draft' | 'active' | 'withdrawn';
  readonly validFrom: number;
  readonly validUntil: number | null;
}

/** One gift of a campaign. */
interface Taking {
  readonly campaignId: string;
  readonly memberId: string;
  readonly holdId: string;
  readonly points: number;
}

/** What redemptions ask of campaigns: limits that rewards share. */
export interface CampaignsPort {
  take(tx: Tx, taking: Taking): Promise<Result<void, Problem>>;
  takeAnyway(tx: Tx, taking: Taking): Promise<void>;
  giveBack(tx: Tx, key: Pick<Taking, 'memberId' | 'holdId'>): Promise<void>;
}

/** What redemptions ask of rewards. */
export interface RewardsPort {
  find(db: Db, rewardId: string): Promise<OfferedReward | undefined>;
}
