import { memberIdSchema } from '@tessera/shared/ids/member-id';
import { pinSchema } from '@tessera/shared/ids/schemas';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import * as z from 'zod';
import { atMs, line } from '../../platform/openapi/fields.ts';
import { linesOf } from './service.ts';
import type { PaymentRow, RefundRow } from './store.ts';

/** One payment's limit: a slip of the finger must not empty an account. */
const MAX_POINTS = 1_000_000;
const MAX_AMOUNT_MINOR = 100_000_000;
const MAX_LINES = 200;

const points = z.int().min(1).max(MAX_POINTS);

/** The member agrees by the code on their phone, or by number and PIN at the till. */
const approval = z.union([
  z.strictObject({ qr: z.string().max(128) }),
  z.strictObject({ memberId: memberIdSchema, pin: pinSchema }),
]);

export const payBody = z.strictObject({
  approval: approval.describe('The member’s rotating code, or number and PIN.'),
  points,
  reference: line(64).describe('The till’s own number of the payment. One merchant uses it once.'),
});

const named = line(64).describe('The till’s name of the line.');
const lines = z
  .array(z.strictObject({ line: named, amountMinor: z.int().min(0).max(MAX_AMOUNT_MINOR) }))
  .min(1)
  .max(MAX_LINES)
  .refine((all) => new Set(all.map((each) => each.line)).size === all.length, 'Each line has a name of its own.')
  .refine((all) => all.some((each) => each.amountMinor > 0), 'At least one line costs something.');

export const captureBody = z.strictObject({
  points: points.optional().describe('Absent: all. What is not captured is the member’s again.'),
  lines: lines.optional().describe('What was bought: shares the points by amount, so that it can be refunded by line.'),
});

export const refundBody = z
  .strictObject({
    line: named.optional(),
    points: points.optional(),
    reason: line(200),
  })
  .refine((body) => body.line === undefined || body.points === undefined, {
    message: 'Give a line or a number of points, not both.',
    path: ['points'],
  })
  .describe('A line, a number of points, or neither: all that is left.');

export const paymentView = z
  .object({
    paymentId: ulidSchema,
    memberId: memberIdSchema,
    merchantId: ulidSchema,
    branchId: z.nullable(ulidSchema),
    terminalId: z.nullable(ulidSchema),
    reference: z.string(),
    state: z.enum(['held', 'captured', 'voided']),
    points: z.int().describe('On hold at first.'),
    captured: z.int(),
    returned: z.int(),
    worth: z
      .object({ amountMinor: z.int(), currency: z.string() })
      .nullable()
      .describe('What the merchant is paid for `points`, at the clearing rate of that moment; null without one.'),
    lines: z.array(z.object({ line: z.string(), amountMinor: z.int(), points: z.int() })),
    approvedBy: z.enum(['qr', 'pin']),
    expiresAt: atMs.describe('A payment that is still held then is voided by itself.'),
    createdAt: atMs,
    updatedAt: atMs,
  })
  .meta({ id: 'Payment' });

export const refundView = z
  .object({
    refundId: ulidSchema,
    points: z.int(),
    line: z.string().nullable(),
    reason: z.string(),
    by: z.string(),
    at: atMs,
  })
  .meta({ id: 'PaymentRefund' });
export const paymentDetail = paymentView.extend({ refunds: z.array(refundView) });

export const viewPayment = (row: PaymentRow): z.input<typeof paymentView> => ({
  paymentId: row.payment_id,
  memberId: row.member_id,
  merchantId: row.merchant_id,
  branchId: row.branch_id,
  terminalId: row.terminal_id,
  reference: row.reference,
  state: row.state,
  points: row.points,
  captured: row.captured,
  returned: row.returned,
  worth:
    row.amount_minor === null || row.currency === null
      ? null
      : { amountMinor: row.amount_minor, currency: row.currency },
  lines: linesOf(row),
  approvedBy: row.approved_by,
  expiresAt: row.expires_at,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export const viewRefund = (row: RefundRow): z.input<typeof refundView> => ({
  refundId: row.refund_id,
  points: row.points,
  line: row.line,
  reason: row.reason,
  by: row.actor,
  at: row.at,
});
