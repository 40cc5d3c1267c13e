import { localisedSchema } from '@tessera/shared/ids/schemas';
import { memberIdSchema } from '@tessera/shared/ids/member-id';
import { pinSchema } from '@tessera/shared/ids/schemas';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import * as z from 'zod';
import { atMs, line, timeZone } from '../../platform/openapi/fields.ts';
import { ascends } from './rules/ladder.ts';

const MAX_POINTS = 1_000_000_000;
const MAX_DAYS = 3_660;
const MAX_TIERS = 20;

/** How programs and rules name a tier. */
export const tierCode = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'A code is up to 32 small letters, digits and hyphens, e.g. gold.');
const date = z.string().describe('`2028-02-29`, by the ladder’s time zone.');
const day = date.nullable();

const tierField = z.strictObject({
  code: tierCode.describe(
    'How programs and earning rules name it. The same code in the next version is the same tier.',
  ),
  name: z.strictObject({ zh: line(40), en: line(60), ar: line(60) }),
  points: z.int().min(0).max(MAX_POINTS).default(0).describe('Qualifying points within the span.'),
  memberDays: z.int().min(0).max(MAX_DAYS).default(0).describe('Days since the member joined.'),
});

const spanField = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('days'), days: z.int().min(1).max(MAX_DAYS) }),
    z.strictObject({ kind: z.literal('year') }),
  ])
  .describe('For how long qualifying points count: so many days, the present one among them, or the calendar year.');

export const ladderBody = z
  .strictObject({
    timeZone: timeZone.default('UTC'),
    span: spanField,
    graceDays: z
      .int()
      .min(0)
      .max(MAX_DAYS)
      .default(0)
      .describe(
        'So many days a tier is kept that is not deserved any more. With the year, 365 keeps it for the next one.',
      ),
    tiers: z.array(tierField).max(MAX_TIERS).describe('The lowest first; none ends all tiers.'),
    startsAt: atMs.optional().describe('From when on it is in force; now where absent. Never in the past.'),
  })
  .refine(({ tiers }) => ascends(tiers), {
    message: 'No tier asks for less than the one before it, and each for more of something.',
    path: ['tiers'],
  })
  .refine(({ tiers }) => new Set(tiers.map(({ code }) => code)).size === tiers.length, {
    message: 'A code is used once.',
    path: ['tiers'],
  });

export const ladderView = z
  .object({
    version: z.int(),
    timeZone: z.string(),
    span: spanField,
    graceDays: z.int(),
    tiers: z.array(tierField),
    startsAt: atMs,
    createdAt: atMs,
    createdBy: z.string(),
  })
  .meta({ id: 'TierLadder' });

export const ladderList = z.object({
  inForce: z.int().nullable().describe('Which version is; null before the first has begun.'),
  items: z.array(ladderView).describe('Every version, the newest first.'),
});

const tierNamed = z.object({ code: z.string(), name: localisedSchema });

export const tierGlance = z
  .object({ memberId: memberIdSchema, tier: tierNamed.nullable().describe('Null for none.') })
  .meta({ id: 'TierGlance' });

export const standingView = tierGlance
  .extend({
    ladder: z.int().nullable().describe('By which version; null where no ladder is in force.'),
    points: z.int().describe('Qualifying points that count today.'),
    countsFrom: day.describe('The first day whose points count.'),
    graceUntil: day.describe('The last day on which a tier is kept that is not deserved any more.'),
    missing: z.int().describe('Points without which the tier is lost after its grace.'),
    next: z
      .object({ ...tierNamed.shape, points: z.int(), days: z.int() })
      .nullable()
      .describe('The tier above, and how many points and days are missing to it.'),
  })
  .meta({ id: 'TierStanding' });

export const changeView = z
  .object({
    kind: z.enum(['raised', 'grace', 'kept', 'lowered', 'moved']),
    reason: z.enum(['sale', 'refund', 'time', 'ladder']).describe('What brought it about.'),
    from: z.string().nullable(),
    to: z.string().nullable(),
    ladder: z.int(),
    points: z.int().describe('Qualifying points at that time.'),
    graceUntil: day,
    accrualId: z.nullable(ulidSchema),
    by: z.string(),
    at: atMs,
  })
  .meta({ id: 'TierChange' });

/** A member who proves who they are, as for a payment. */
export const ownBody = z.strictObject({
  proof: z.union([
    z.strictObject({ qr: z.string().max(128) }),
    z.strictObject({ memberId: memberIdSchema, pin: pinSchema }),
  ]),
});
