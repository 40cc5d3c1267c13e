import { languageSchema, pinSchema } from '@tessera/shared/ids/schemas';
import { memberIdSchema } from '@tessera/shared/ids/member-id';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import * as z from 'zod';
import { atMs, currency, line } from '../../platform/openapi/fields.ts';

/** A birthday without its year: rules need none, so none is kept. */
export const birthdayField = z
  .string()
  .regex(
    /^(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))$/,
    'A birthday is written MM-DD.',
  )
  .describe('`MM-DD`; no year is kept.');

const consents = ['unknown', 'given', 'refused', 'withdrawn'] as const;

/** How a person is reached: an e-mail address or a telephone number in international form. */
export const addressField = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('email'), value: z.string().trim().toLowerCase().pipe(z.email().max(254)) }),
    z.strictObject({ kind: z.literal('phone'), value: z.string().regex(/^\+[1-9][0-9]{6,14}$/) }),
  ])
  .meta({ id: 'Address' });

export const applyBody = z.strictObject({ name: line(80), language: languageSchema, contact: addressField });
export const applicationView = z.object({ applicationId: ulidSchema, expiresAt: atMs });
export const verifyBody = z.strictObject({
  code: z.string().regex(/^[0-9]{6}$/),
  pin: z.optional(pinSchema).describe('Sets the PIN in the same step.'),
});
export const verifiedView = z.object({ memberId: memberIdSchema });

export const memberParams = z.object({ memberId: memberIdSchema });

export const memberView = z
  .object({
    memberId: memberIdSchema,
    name: z.string(),
    maskedName: z.string(),
    language: languageSchema,
    state: z.enum(['active', 'suspended', 'closed']),
    hasPin: z.boolean(),
    birthday: z.string().nullable(),
    addresses: z.array(z.object({ kind: z.enum(['email', 'phone']), value: z.string(), verifiedAt: atMs })),
    createdAt: atMs,
  })
  .meta({ id: 'Member' });

/** What a clerk may see: enough to greet, not enough to write to. */
export const memberGlance = z
  .object({ memberId: memberIdSchema, maskedName: z.string(), state: z.enum(['active', 'suspended', 'closed']) })
  .meta({ id: 'MemberGlance' });

export const setPinBody = z.strictObject({ pin: pinSchema });
export const setBirthdayBody = z.strictObject({ birthday: birthdayField.nullable().describe('Null forgets it.') });
export const birthdayView = z.object({ birthday: z.string().nullable() });
export const setStateBody = z.strictObject({ state: z.enum(['active', 'suspended']) });

export const addContactBody = z.strictObject({
  name: line(80),
  relation: line(40),
  kind: z.enum(['email', 'phone', 'messenger']),
  value: line(254),
});
export const setConsentBody = z.strictObject({ consent: z.enum(consents) });
export const contactView = z
  .object({
    contactId: ulidSchema,
    name: z.string(),
    relation: z.string(),
    kind: z.enum(['email', 'phone', 'messenger']),
    value: z.string(),
    consent: z.enum(consents),
    createdAt: atMs,
    updatedAt: atMs,
  })
  .meta({ id: 'Contact' });

export const membershipView = z
  .object({
    merchantId: ulidSchema,
    merchantName: z.string(),
    currency: z.nullable(currency),
    visits: z.int(),
    spendMinor: z.int(),
    points: z.int(),
    firstAt: atMs,
    lastAt: atMs,
  })
  .meta({ id: 'Membership' });

export const balanceView = z
  .object({ pending: z.int(), available: z.int(), held: z.int(), debt: z.int() })
  .meta({ id: 'Balance' });

export const historyView = z
  .object({
    transactionId: z.string(),
    kind: z.string(),
    at: atMs,
    reason: z.string(),
    redemptionId: z.string().nullable(),
    paymentId: z.string().nullable(),
    accrualId: z.string().nullable(),
    reference: z.string().nullable().describe('What else it is about: a transfer, an adjustment, a lot, an event.'),
    postings: z.array(z.object({ account: z.string(), points: z.int(), lotId: z.string().nullable() })),
  })
  .meta({ id: 'PointTransaction' });

export const addMemberBody = z.strictObject({
  name: line(80),
  language: languageSchema,
  address: addressField.optional(),
  pin: z.optional(pinSchema),
});
