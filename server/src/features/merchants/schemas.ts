import { localisedSchema } from '@tessera/shared/ids/schemas';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import * as z from 'zod';
import { atMs, currency, line, text, timeZone } from '../../platform/openapi/fields.ts';
import { merchantStates } from './contract.ts';

const MAX_RATE = 1_000_000;

export const addIndustryBody = z.strictObject({
  name: z.strictObject({ zh: line(60), en: line(60), ar: line(60) }),
});
export const industryView = z
  .object({ industryId: ulidSchema, name: localisedSchema, createdAt: atMs })
  .meta({ id: 'Industry' });

const rateField = z
  .strictObject({
    points: z.int().min(0).max(MAX_RATE),
    perMinor: z.int().min(1).max(MAX_RATE),
  })
  .describe('`points` for every full `perMinor` (minor units, e.g. cents) spent.');

const MAX_DAYS = 36_500;

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** How points of a merchant expire, where days alone do not say it. */
export const expiryField = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('never') }),
    z.strictObject({ kind: z.literal('rolling'), days: z.int().min(1).max(MAX_DAYS) }),
    z.strictObject({
      kind: z.literal('calendar'),
      years: z.int().min(0).max(100).describe('0: with the year in which they were earned, 1: with the year after.'),
      timeZone: z.string().max(64).refine(isTimeZone, 'There is no such time zone.').default('UTC'),
    }),
    z.strictObject({ kind: z.literal('inactivity'), days: z.int().min(1).max(MAX_DAYS) }),
  ])
  .meta({ id: 'PointsExpiry' });

export const addMerchantBody = z.strictObject({
  name: line(120),
  industryId: ulidSchema,
  terms: text(4000).default(''),
  currency: currency.default('EUR'),
  rate: rateField.default({ points: 1, perMinor: 100 }),
  pointsValidDays: z.int().min(1).max(MAX_DAYS).nullable().default(null).describe('Null: points do not expire.'),
  pointsExpiry: expiryField.nullable().default(null).describe('Goes before `pointsValidDays` where it is not null.'),
  timeZone: timeZone.default('UTC'),
});

export const changeMerchantBody = z
  .strictObject({
    name: line(120),
    terms: text(4000),
    rate: rateField,
    pointsValidDays: z.int().min(1).max(MAX_DAYS).nullable(),
    pointsExpiry: expiryField.nullable(),
    timeZone,
  })
  .partial();

export const merchantView = z
  .object({
    merchantId: ulidSchema,
    name: z.string(),
    industryId: ulidSchema,
    state: z.enum(merchantStates),
    terms: z.string(),
    currency: z.string(),
    rate: z.object({ points: z.int(), perMinor: z.int() }),
    pointsValidDays: z.int().nullable(),
    pointsExpiry: expiryField.nullable(),
    timeZone: z.string(),
    appliedAt: atMs,
    signedAt: atMs.nullable(),
    activeAt: atMs.nullable(),
    suspendedAt: atMs.nullable(),
    leftAt: atMs.nullable(),
  })
  .meta({ id: 'Merchant' });

export const moveMerchantBody = z.strictObject({ state: z.enum(merchantStates) });

export const addBranchBody = z.strictObject({ name: line(120), address: text(400).default('') });
export const branchView = z
  .object({ branchId: ulidSchema, merchantId: ulidSchema, name: z.string(), address: z.string(), createdAt: atMs })
  .meta({ id: 'Branch' });

export const addTerminalBody = z.strictObject({ name: line(80), branchId: z.optional(ulidSchema) });
export const terminalView = z
  .object({
    terminalId: ulidSchema,
    merchantId: ulidSchema,
    branchId: z.nullable(ulidSchema),
    name: z.string(),
    state: z.enum(['active', 'revoked']),
    createdAt: atMs,
  })
  .meta({ id: 'Terminal' });
export const newTerminalView = z.object({
  id: ulidSchema,
  terminalId: ulidSchema,
  token: z.string().describe('Shown this once; only its hash is kept.'),
});
