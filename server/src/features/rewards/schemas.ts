import { localisedSchema } from '@tessera/shared/ids/schemas';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import * as z from 'zod';
import { atMs, line, text } from '../../platform/openapi/fields.ts';

const MAX_PRICE = 1_000_000_000;
const states = ['draft', 'active', 'withdrawn'] as const;

const nameField = z.strictObject({ zh: line(40), en: line(60), ar: line(60) });
const aboutField = z.strictObject({ zh: text(400), en: text(400), ar: text(400) });
const limitField = z.int().min(1).max(1_000_000).nullable().describe('So many for each member; null for any number.');
const validUntil = atMs.nullable().describe('The last moment; null for no end.');

const campaignField = z.nullable(ulidSchema).describe('The campaign whose limits hold for it too.');

export const addRewardBody = z.strictObject({
  name: nameField,
  about: aboutField.default({ zh: '', en: '', ar: '' }),
  price: z.int().min(1).max(MAX_PRICE).describe('In points.'),
  validFrom: atMs.default(0),
  validUntil: validUntil.default(null),
  perMemberLimit: limitField.default(null),
  ownerMerchantId: z.nullable(ulidSchema).default(null).describe('Who is paid for it; null for the operator.'),
  campaignId: campaignField.default(null),
  state: z.enum(states).default('active'),
});
export const changeRewardBody = z
  .strictObject({
    name: nameField,
    about: aboutField,
    price: z.int().min(1).max(MAX_PRICE),
    validFrom: atMs,
    validUntil,
    perMemberLimit: limitField,
    campaignId: campaignField,
    state: z.enum(states),
  })
  .partial();

export const rewardView = z
  .object({
    rewardId: ulidSchema,
    name: localisedSchema,
    about: localisedSchema,
    price: z.int(),
    picture: z.string().nullable().describe('A path on this server, named by the hash of its bytes.'),
    validFrom: atMs,
    validUntil: atMs.nullable(),
    perMemberLimit: z.int().nullable(),
    ownerMerchantId: z.nullable(ulidSchema),
    campaignId: z.nullable(ulidSchema),
    state: z.enum(states),
    createdAt: atMs,
    updatedAt: atMs,
  })
  .meta({ id: 'Reward' });
export const pictureFile = z.object({ file: z.string().regex(/^[0-9a-f]{64}\.(svg|png|webp|jpg)$/) });
