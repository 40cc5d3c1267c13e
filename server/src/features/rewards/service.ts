import { createHash } from 'node:crypto';
import { localisedSchema, type Localised } from '@tessera/shared/ids/schemas';
import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance, Clock } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { NEVER } from '../../platform/database/schema/ledger.ts';
import type { Merchants } from '../merchants/index.ts';
import { pictureTypeOf, pictureTypes } from './pictures.ts';
import * as store from './store.ts';

/** A reward as other capabilities see it. */
export interface Reward {
  readonly rewardId: string;
  readonly name: Localised;
  readonly about: Localised;
  readonly price: number;
  /** A path on this server; null where there is none. */
  readonly picture: string | null;
  readonly validFrom: number;
  /** The last moment; null where there is no end. */
  readonly validUntil: number | null;
  readonly perMemberLimit: number | null;
  readonly ownerMerchantId: string | null;
  /** The campaign whose limits hold for it too. */
  readonly campaignId: string | null;
  readonly state: store.RewardRow['state'];
  readonly createdAt: number;
  readonly updatedAt: number;
}
export type NewReward = Omit<Reward, 'rewardId' | 'picture' | 'createdAt' | 'updatedAt'>;
export type RewardChange = Partial<Omit<NewReward, 'ownerMerchantId'>>;

/** Told within the command of every change that a kiosk shows: it pushes new configuration after the commit. */
export type RewardChanged = (tx: Tx, rewardId: string) => Promise<void>;

const TEXTS_KEPT = 1000;
const texts = new Map<string, Localised>();

/** Reads a text in all languages. The same words come with every redemption and every configuration, so they are read once. */
function localised(text: string): Localised {
  const known = texts.get(text);
  if (known) return known;
  if (texts.size >= TEXTS_KEPT) texts.clear();
  const read = Object.freeze(z.parse(localisedSchema, JSON.parse(text)));
  texts.set(text, read);
  return read;
}

const rewardOf = (row: store.RewardRow): Reward => ({
  rewardId: row.reward_id,
  name: localised(row.name),
  about: localised(row.about),
  price: row.price,
  picture: row.picture === null ? null : `/v1/pictures/${row.picture}`,
  validFrom: row.valid_from,
  validUntil: row.valid_to === NEVER ? null : row.valid_to,
  perMemberLimit: row.per_member_limit,
  ownerMerchantId: row.owner,
  campaignId: row.campaign_id,
  state: row.state,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** True while members may choose it: active and within its dates (both ends included). */
export const isOffered = (reward: Pick<Reward, 'state' | 'validFrom' | 'validUntil'>, nowMs: number): boolean =>
  reward.state === 'active' && reward.validFrom <= nowMs && nowMs <= (reward.validUntil ?? NEVER);

/** What rewards ask of campaigns. */
interface CampaignsPort {
  find(db: Db, campaignId: string): Promise<object | undefined>;
}

export interface RewardParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly audit: Audit;
  readonly merchants: Merchants;
  readonly campaigns: CampaignsPort;
  readonly onChange: RewardChanged;
}

/** The alliance's rewards: what they are, what they cost, who may have them and until when. */
export class Rewards {
  readonly #parts: RewardParts;

  constructor(parts: RewardParts) {
    this.#parts = parts;
  }

  async add(tx: Tx, reward: NewReward): Promise<Refused<Reward>> {
    const { clock, chance, audit, merchants } = this.#parts;
    const { ownerMerchantId } = reward;
    if (ownerMerchantId !== null && !(await merchants.find(tx.db, ownerMerchantId))) {
      return err(problem('invalid_fields', { fields: { '/ownerMerchantId': 'There is no such merchant.' } }));
    }
    if (!inOrder(reward)) return endsBeforeItBegins;
    if (!(await this.#knows(tx, reward.campaignId))) return noSuchCampaign;
    const row = await store.insertReward(tx.db, {
      reward_id: newUlid(clock, chance),
      owner: ownerMerchantId,
      name: JSON.stringify(reward.name),
      about: JSON.stringify(reward.about),
      price: reward.price,
      picture: null,
      valid_from: reward.validFrom,
      valid_to: reward.validUntil ?? NEVER,
      per_member_limit: reward.perMemberLimit,
      campaign_id: reward.campaignId,
      state: reward.state,
      created_at: tx.at,
      updated_at: tx.at,
    });
    await audit.write(tx, 'reward.added', `reward:${row.reward_id}`, { price: row.price, state: row.state });
    return ok(rewardOf(row));
  }

  /** Changes what was sent. A member who saw the old price decides again at the kiosk. */
  async change(tx: Tx, rewardId: string, change: RewardChange): Promise<Refused<Reward>> {
    const before = await this.find(tx.db, rewardId);
    if (!before) return err(problem('not_found'));
    const after = { ...before, ...change };
    if (!inOrder(after)) return endsBeforeItBegins;
    if (!(await this.#knows(tx, after.campaignId))) return noSuchCampaign;
    return this.#save(tx, rewardId, {
      name: JSON.stringify(after.name),
      about: JSON.stringify(after.about),
      price: after.price,
      valid_from: after.validFrom,
      valid_to: after.validUntil ?? NEVER,
      per_member_limit: after.perMemberLimit,
      campaign_id: after.campaignId,
      state: after.state,
    });
  }

  /** Gives a reward its picture. The bytes decide what it is, not the header that came with them. */
  async setPicture(tx: Tx, rewardId: string, mediaType: string, bytes: Buffer): Promise<Refused<Reward>> {
    const type = pictureTypeOf(bytes);
    if (type === undefined || type !== mediaType) {
      const detail = 'The bytes are not a picture of this type, or the SVG holds something that could run or load.';
      return err(problem('invalid_fields', { detail }));
    }
    if (!(await this.find(tx.db, rewardId))) return err(problem('not_found'));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await store.insertPicture(tx.db, { sha256, media_type: type, bytes, created_at: tx.at });
    return this.#save(tx, rewardId, { picture: `${sha256}.${pictureTypes[type]}` });
  }

  async #knows(tx: Tx, campaignId: string | null): Promise<boolean> {
    return campaignId === null || (await this.#parts.campaigns.find(tx.db, campaignId)) !== undefined;
  }

  async #save(tx: Tx, rewardId: string, change: Parameters<typeof store.updateReward>[2]): Promise<Refused<Reward>> {
    const row = await store.updateReward(tx.db, rewardId, { ...change, updated_at: tx.at });
    if (!row) return err(problem('not_found'));
    const facts = { price: row.price, state: row.state, picture: row.picture };
    await this.#parts.audit.write(tx, 'reward.changed', `reward:${rewardId}`, facts);
    await this.#parts.onChange(tx, rewardId);
    return ok(rewardOf(row));
  }

  /** A reward, whatever its state; undefined where there is none. */
  async find(db: Db, rewardId: string): Promise<Reward | undefined> {
    const [row] = await store.rewardById(db, { rewardId });
    return row && rewardOf(row);
  }

  /** One more than `limit` rewards after an id. */
  async list(db: Db, page: Parameters<typeof store.listRewards>[1]): Promise<Reward[]> {
    return (await store.listRewards(db, page)).map(rewardOf);
  }
}

const inOrder = (reward: Pick<Reward, 'validFrom' | 'validUntil'>): boolean =>
  reward.validFrom <= (reward.validUntil ?? NEVER);
const noSuchCampaign = err(problem('invalid_fields', { fields: { '/campaignId': 'There is no such campaign.' } }));
const endsBeforeItBegins = err(problem('invalid_fields', { fields: { '/validUntil': 'It ends before it begins.' } }));
