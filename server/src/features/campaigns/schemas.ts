import { ulidSchema } from '@tessera/shared/ids/ulid';
import * as z from 'zod';
import { atMs, line } from '../../platform/openapi/fields.ts';
import type { CampaignRow } from './store.ts';

const MAX_GIFTS = 1_000_000_000;
const MAX_BUDGET = 1_000_000_000_000;

const fields = {
  name: line(120),
  giftsLimit: z.int().min(0).max(MAX_GIFTS).nullable().describe('So many gifts in all; null for any number.'),
  pointsBudget: z.int().min(0).max(MAX_BUDGET).nullable().describe('So many points in all; null for any number.'),
  perMemberLimit: z.int().min(1).max(MAX_GIFTS).nullable().describe('So many gifts for each member.'),
};

export const addCampaignBody = z.strictObject({
  name: fields.name,
  giftsLimit: fields.giftsLimit.default(null),
  pointsBudget: fields.pointsBudget.default(null),
  perMemberLimit: fields.perMemberLimit.default(null),
});
export const changeCampaignBody = z.strictObject(fields).partial();

export const campaignView = z
  .object({
    campaignId: ulidSchema,
    name: z.string(),
    giftsLimit: z.int().nullable(),
    pointsBudget: z.int().nullable(),
    perMemberLimit: z.int().nullable(),
    gifts: z.int().describe('Held and captured so far.'),
    points: z.int().describe('Held and captured so far.'),
    createdAt: atMs,
    updatedAt: atMs,
  })
  .meta({ id: 'Campaign' });

export const viewCampaign = (row: CampaignRow): z.input<typeof campaignView> => ({
  campaignId: row.campaign_id,
  name: row.name,
  giftsLimit: row.gifts_limit,
  pointsBudget: row.points_budget,
  perMemberLimit: row.per_member_limit,
  gifts: row.gifts,
  points: row.points,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});
