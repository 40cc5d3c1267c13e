import { memberIdSchema } from '@tessera/shared/ids/member-id';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import { problemSchema } from '@tessera/shared/problem';
import * as z from 'zod';
import { atMs, currency, line } from '../../platform/openapi/fields.ts';
import { decisionView, definitionField } from '../earning/index.ts';

/** One sale's limit: a slip of the finger must not mint a fortune. */
const MAX_SALE_MINOR = 100_000_000;
const MAX_SALE_POINTS = 1_000_000;
const MAX_LINES = 200;
/** Sales of one batch. */
const MAX_BATCH = 100;

const memberId = z.strictObject({ memberId: memberIdSchema });
const member = z.union([memberId, z.strictObject({ qr: z.string().max(128) })]);
const reference = line(64).describe('The till’s own number of the sale. One merchant uses it once.');
const soldAt = atMs
  .optional()
  .describe('When it was sold, where the till kept it for a while: at most seven days ago. Rules go by it.');
const amountMinor = z.int().min(0).max(MAX_SALE_MINOR);
const points = z.int().min(1).max(MAX_SALE_POINTS);

const saleLine = z.strictObject({
  product: line(64),
  category: line(64).optional(),
  amountMinor,
});
const lines = z.array(saleLine).min(1).max(MAX_LINES).optional().describe('What was sold; their amounts add up to it.');

const addsUp = (sale: { amountMinor: number; lines?: { amountMinor: number }[] | undefined }): boolean =>
  sale.lines === undefined || sale.lines.reduce((sum, each) => sum + each.amountMinor, 0) === sale.amountMinor;
const ADDS_UP = { message: 'The lines do not add up to the amount.', path: ['lines'] };

const amount = { amountMinor, currency, lines };

export const accrueBody = z.union([
  z.strictObject({ member, reference, soldAt, ...amount }).refine(addsUp, ADDS_UP),
  z.strictObject({ member, reference, soldAt, points }),
]);
export type AccrueBody = z.output<typeof accrueBody>;

export const batchBody = z.strictObject({ accruals: z.array(accrueBody).min(1).max(MAX_BATCH) });

/** A sale that is only tried: nobody is identified by it, so the number is enough. */
export const dryRunBody = z.strictObject({
  merchantId: z.optional(ulidSchema).describe('For staff; a terminal asks for its own merchant.'),
  sale: z.union([
    z.strictObject({ member: memberId, soldAt: atMs.optional(), ...amount }).refine(addsUp, ADDS_UP),
    z.strictObject({ member: memberId, soldAt: atMs.optional(), points }),
  ]),
  drafts: z
    .array(z.strictObject({ name: line(120), definition: definitionField }))
    .max(20)
    .default([])
    .describe('Rules that do not exist yet, tried beside those in force. For staff.'),
});
export type DryRunSale = z.output<typeof dryRunBody>['sale'];

export const dryRunView = z.object({
  decision: decisionView,
  linePoints: z.array(z.int()).describe('Of each line, in the order in which they were sent.'),
});

export const accrualView = z
  .object({
    accrualId: ulidSchema,
    merchantId: ulidSchema,
    branchId: z.nullable(ulidSchema),
    terminalId: z.nullable(ulidSchema),
    memberId: memberIdSchema,
    reference: z.string(),
    amountMinor: z.int().nullable(),
    currency: z.string().nullable(),
    points: z.int(),
    soldAt: atMs,
    createdAt: atMs,
  })
  .meta({ id: 'Accrual' });
export const accruedView = accrualView.extend({ maskedName: z.string(), available: z.int() });

export const refundBody = z
  .strictObject({
    reference: line(64).describe('The till’s own number of the refund. One sale uses it once.'),
    reason: line(200),
    goods: z.union([
      z.literal('all').describe('All that has not come back yet.'),
      z.strictObject({ amountMinor: z.int().min(1).max(MAX_SALE_MINOR) }).describe('Of a sale without lines.'),
      z.strictObject({ points }).describe('Of a sale whose points were typed.'),
      z.strictObject({
        lines: z
          .array(z.strictObject({ line: z.int().min(1).max(MAX_LINES), amountMinor }))
          .min(1)
          .max(MAX_LINES)
          .refine((all) => new Set(all.map((each) => each.line)).size === all.length, 'A line is named once.'),
      }),
    ]),
  })
  .describe('What came back; its points go back too.');
export type RefundBody = z.output<typeof refundBody>;

export const refundedLines = z.array(z.object({ line: z.int(), amountMinor: z.int(), points: z.int() }));
export const refundView = z
  .object({
    refundId: ulidSchema,
    accrualId: ulidSchema,
    reference: z.string(),
    amountMinor: z.int(),
    points: z.int().describe('Taken back.'),
    fromPending: z.int(),
    fromAvailable: z.int(),
    owed: z.int().describe('What the member did not have any more: later earnings pay it.'),
    lines: refundedLines,
    reason: z.string(),
    createdAt: atMs,
  })
  .meta({ id: 'Refund' });

export const accrualDetails = accrualView.extend({
  refundedMinor: z.int(),
  refundedPoints: z.int(),
  qualifyingPoints: z.int().describe('Of its points, those that are left for tiers.'),
  refunds: z.array(refundView),
  decision: decisionView,
  lines: z.array(
    z.object({
      line: z.int(),
      product: z.string(),
      category: z.string().nullable(),
      amountMinor: z.int(),
      points: z.int(),
      refundedMinor: z.int(),
      refundedPoints: z.int(),
    }),
  ),
});

const itemDone = z.object({
  ok: z.literal(true),
  reference: z.string(),
  repeated: z.boolean().describe('True where this very sale had been recorded before.'),
  accrualId: ulidSchema,
  memberId: memberIdSchema,
  points: z.int(),
  available: z.int(),
});
const itemRefused = z.object({ ok: z.literal(false), reference: z.string(), problem: problemSchema });
export const batchView = z.object({
  results: z.array(z.discriminatedUnion('ok', [itemDone, itemRefused])).describe('In the order of the request.'),
});
export type BatchItem = z.input<typeof batchView>['results'][number];
