import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import * as store from './store.ts';
import type { CampaignRow } from './store.ts';

/** What a campaign allows; null is any number. */
export interface CampaignLimits {
  readonly name: string;
  readonly giftsLimit: number | null;
  readonly pointsBudget: number | null;
  readonly perMemberLimit: number | null;
}

/** One gift of a campaign that a member takes for points. */
export interface Taking {
  readonly campaignId: string;
  readonly memberId: string;
  /** The redemption. */
  readonly holdId: string;
  readonly points: number;
}

const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** Limits that rewards share: exact under any concurrency, because each is a condition of the statement that counts. */
export class Campaigns {
  readonly #chance: Chance;
  readonly #audit: Audit;

  constructor(parts: { chance: Chance; audit: Audit }) {
    this.#chance = parts.chance;
    this.#audit = parts.audit;
  }

  async add(tx: Tx, limits: CampaignLimits): Promise<Refused<CampaignRow>> {
    const row = await store.insertCampaign(tx.db, {
      campaign_id: newUlid({ nowMs: () => tx.at }, this.#chance),
      ...columnsOf(limits),
      name: limits.name,
      gifts: 0,
      points: 0,
      created_at: tx.at,
      updated_at: tx.at,
    });
    await this.#audit.write(tx, 'campaign.added', `campaign:${row.campaign_id}`, { ...limits });
    return ok(row);
  }

  /** Changes limits. Below what has been taken already nothing more is given, and nothing is taken back. */
  async change(tx: Tx, campaignId: string, change: Partial<CampaignLimits>): Promise<Refused<CampaignRow>> {
    const columns = { ...columnsOf(change), updated_at: tx.at };
    const row = await store.updateCampaign(tx.db, campaignId, columns);
    if (!row) return err(problem('not_found'));
    await this.#audit.write(tx, 'campaign.changed', `campaign:${campaignId}`, { ...change });
    return ok(row);
  }

  async find(db: Db, campaignId: string): Promise<CampaignRow | undefined> {
    return (await store.campaignById(db, { campaignId }))[0];
  }

  /** Counts a gift within the limits; `limit_reached` says which one is not. A refusal leaves its writes to be undone. */
  async take(tx: Tx, taking: Taking): Promise<Result<void, Problem>> {
    const { campaignId, memberId, points } = taking;
    const [campaign] = await store.takeGift(tx.db, { campaignId, points });
    if (!campaign) return err(problem('limit_reached', { detail: OVER, facts: { campaignId } }));
    const limit = campaign.per_member_limit ?? NO_LIMIT;
    const [used] = await store.takeForMember(tx.db, { memberId, campaignId, limit });
    if (!used) return err(problem('limit_reached', { facts: { limit, campaignId } }));
    await this.#keep(tx, taking);
    return ok(undefined);
  }

  /** Counts a gift that has left already. */
  async takeAnyway(tx: Tx, taking: Taking): Promise<void> {
    const { campaignId, memberId, points } = taking;
    await store.countGifts(tx.db, { campaignId, gifts: 1, points });
    await store.takeForMember(tx.db, { memberId, campaignId, limit: NO_LIMIT });
    await this.#keep(tx, taking);
  }

  /** A redemption that ended without a gift counts no more; one that never counted stays as it is. */
  async giveBack(tx: Tx, key: Pick<Taking, 'memberId' | 'holdId'>): Promise<void> {
    const [taking] = await store.removeTaking(tx.db, key);
    if (!taking) return;
    const { campaign_id: campaignId, points } = taking;
    await store.countGifts(tx.db, { campaignId, gifts: -1, points: -points });
    await store.giveBackOfMember(tx.db, { memberId: key.memberId, campaignId });
  }

  async #keep(tx: Tx, { campaignId, memberId, holdId, points }: Taking): Promise<void> {
    await store.insertTaking(tx.db, { member_id: memberId, hold_id: holdId, campaign_id: campaignId, points });
  }
}

const OVER = 'All gifts of this campaign have been given.';

/** Only what was sent. */
const columnsOf = ({ name, giftsLimit, pointsBudget, perMemberLimit }: Partial<CampaignLimits>) => ({
  ...(name === undefined ? {} : { name }),
  ...(giftsLimit === undefined ? {} : { gifts_limit: giftsLimit }),
  ...(pointsBudget === undefined ? {} : { points_budget: pointsBudget }),
  ...(perMemberLimit === undefined ? {} : { per_member_limit: perMemberLimit }),
});
