import { memberIdSchema } from '@tessera/shared/ids/member-id';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import * as z from 'zod';
import { pointTransactionKinds } from '../../platform/database/schema/ledger.ts';
import { atMs, line } from '../../platform/openapi/fields.ts';
import type { LotView } from '../ledger/index.ts';
import type { Explained } from './explain.ts';
import type { AdjustmentRow } from './store.ts';

/** What one person may propose or move at a time: a slip of the finger must not mint a fortune. */
const MAX_POINTS = 1_000_000;

export const lotView = z
  .object({
    lotId: z.string(),
    issuer: z.string().nullable().describe('The merchant that issued them; null is the operator.'),
    rule: z.string(),
    accrualId: z.string().nullable(),
    earnedAt: atMs,
    expiresAt: atMs.nullable(),
    points: z.int().describe('At first.'),
    available: z.int(),
    pending: z.int(),
    vestAt: atMs.nullable().describe('When pending points become available.'),
    vestOn: z.string().nullable().describe('The event that makes them available.'),
    originLotId: z.string().nullable().describe('The lot of another member that they were transferred from.'),
  })
  .meta({ id: 'PointLot' });

const named = z.object({ merchantId: z.string(), name: z.string() });
export const explanationView = z
  .object({
    burnId: z.string(),
    purpose: z.enum(['redemption', 'payment']),
    memberId: memberIdSchema,
    beneficiary: named.nullable().describe('Who is paid; null is the operator.'),
    state: z.enum(['open', 'captured', 'released']),
    points: z.int(),
    captured: z.int(),
    returned: z.int(),
    owed: z.int().describe('What no lot could cover.'),
    parts: z.array(
      z.object({
        points: z.int(),
        returned: z.int(),
        issuer: named.nullable(),
        rule: z.string(),
        sale: z
          .object({
            accrualId: z.string(),
            merchantId: z.string(),
            reference: z.string(),
            amountMinor: z.int().nullable(),
            currency: z.string().nullable(),
            points: z.int(),
            createdAt: atMs,
          })
          .nullable(),
        lot: lotView,
      }),
    ),
    transactions: z.array(
      z.object({
        transactionId: z.string(),
        kind: z.enum(pointTransactionKinds),
        at: atMs,
        by: z.string(),
        reason: z.string(),
      }),
    ),
  })
  .meta({ id: 'BurnExplanation' });

export const transferBody = z.strictObject({
  to: memberIdSchema,
  points: z.int().min(1).max(MAX_POINTS),
  reason: line(200),
});
export const transferView = z
  .object({ transferId: ulidSchema, from: memberIdSchema, to: memberIdSchema, points: z.int(), reason: z.string() })
  .meta({ id: 'PointTransfer' });

export const adjustBody = z.strictObject({
  points: z
    .int()
    .min(-MAX_POINTS)
    .max(MAX_POINTS)
    .refine((points) => points !== 0, 'Nothing would change.')
    .describe('Positive gives, negative takes.'),
  expiresAt: atMs.nullable().default(null).describe('Of points that are given; null: they do not expire.'),
  reason: line(200),
});
export const adjustmentStates = ['proposed', 'confirmed', 'withdrawn'] as const;
export const adjustmentView = z
  .object({
    adjustmentId: ulidSchema,
    memberId: memberIdSchema,
    points: z.int(),
    expiresAt: atMs.nullable(),
    reason: z.string(),
    state: z.enum(adjustmentStates),
    proposedBy: z.string(),
    proposedAt: atMs,
    decidedBy: z.string().nullable(),
    decidedAt: atMs.nullable(),
    transactionId: z.string().nullable(),
  })
  .meta({ id: 'PointAdjustment' });

export const vestBody = z.strictObject({ event: line(120).describe('The event that the points wait for.') });
export const vestedView = z.object({
  lots: z.int(),
  points: z.int(),
  more: z.boolean().describe('True where more wait for this event: ask again.'),
});

export const viewAdjustment = (row: AdjustmentRow): z.input<typeof adjustmentView> => ({
  adjustmentId: row.adjustment_id,
  memberId: row.member_id,
  points: row.points,
  expiresAt: row.expires_at,
  reason: row.reason,
  state: row.state,
  proposedBy: row.proposed_by,
  proposedAt: row.proposed_at,
  decidedBy: row.decided_by,
  decidedAt: row.decided_at,
  transactionId: row.transaction_id,
});

export const viewLot = (lot: LotView): z.input<typeof lotView> => ({ ...lot });

/** A burn as the API tells it. */
export function viewExplanation({ burn, merchants, sales }: Explained): z.input<typeof explanationView> {
  const { hold, parts, transactions } = burn;
  const merchant = (id: string | null) => (id === null ? null : { merchantId: id, name: merchants.get(id) ?? '' });
  const saleOf = (accrualId: string | null) => {
    const sale = accrualId === null ? undefined : sales.get(accrualId);
    if (!sale) return null;
    const { accrual_id, merchant_id, reference, amount_minor, currency, points, created_at } = sale;
    const money = { amountMinor: amount_minor, currency };
    return { accrualId: accrual_id, merchantId: merchant_id, reference, ...money, points, createdAt: created_at };
  };
  return {
    burnId: hold.hold_id,
    purpose: hold.purpose,
    memberId: hold.member_id,
    beneficiary: merchant(hold.beneficiary),
    state: hold.state,
    points: hold.points,
    captured: hold.captured,
    returned: hold.returned,
    owed: hold.owed,
    parts: parts.map(({ lot, points, returned }) => ({
      points,
      returned,
      issuer: merchant(lot.issuer),
      rule: lot.rule,
      sale: saleOf(lot.accrualId),
      lot: viewLot(lot),
    })),
    transactions: transactions.map(({ actor, ...each }) => ({ ...each, by: actor })),
  };
}
