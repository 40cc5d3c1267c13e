import { ulidSchema } from '@tessera/shared/ids/ulid';
import { MAX_AMOUNT } from '@tessera/shared/points';
import * as z from 'zod';
import { atMs, currency, line, text } from '../../platform/openapi/fields.ts';
import { partySchema } from '../clearing/index.ts';
import type { Totals } from './chain.ts';
import type { DisputeRow } from './disputes.ts';
import type { PaymentRow } from './payments.ts';
import type { NetRow, RunRow } from './store.ts';

const states = ['open', 'cutoff', 'calculated', 'approved', 'posted', 'paid', 'partially_paid', 'defaulted'] as const;
const by = z.string().nullable();

export const runView = z
  .object({
    runId: ulidSchema,
    number: z.int(),
    state: z.enum(states),
    until: atMs.nullable().describe('Everything posted before this is in it, and not in a run before.'),
    linesCounted: z.int().describe('While it is calculated: how far that has come.'),
    openedBy: z.string(),
    openedAt: atMs,
    cutoffBy: by,
    cutoffAt: atMs.nullable(),
    calculatedAt: atMs.nullable(),
    approvedBy: by,
    approvedAt: atMs.nullable(),
    postedBy: by,
    postedAt: atMs.nullable(),
    endedAt: atMs.nullable(),
  })
  .meta({ id: 'SettlementRun' });

export const viewRun = (run: RunRow): z.input<typeof runView> => ({
  runId: run.run_id,
  number: run.number,
  state: run.state,
  until: run.until,
  linesCounted: run.counted,
  openedBy: run.opened_by,
  openedAt: run.opened_at,
  cutoffBy: run.cutoff_by,
  cutoffAt: run.cutoff_at,
  calculatedAt: run.calculated_at,
  approvedBy: run.approved_by,
  approvedAt: run.approved_at,
  postedBy: run.posted_by,
  postedAt: run.posted_at,
  endedAt: run.ended_at,
});

export const netView = z
  .object({
    party: z.string(),
    name: z.string(),
    currency: z.string(),
    state: z.enum(['calculated', 'open', 'paid', 'defaulted']),
    lines: z.int(),
    totals: z.record(z.string(), z.object({ lines: z.int(), points: z.int(), amount: z.int() })),
    netMinor: z.int().describe('Positive is owed to the party, negative by it.'),
    prepaidMinor: z.int().describe('What its prepaid money covers.'),
    reserveMinor: z.int().describe('What is kept back of it; negative where it is given back.'),
    payableMinor: z.int().describe('What is left to be paid, to the party (positive) or by it.'),
    paidMinor: z.int(),
    lastLink: z.string().describe('The last link of the hash chain over its lines.'),
    keyId: z.string(),
    signature: z.string(),
  })
  .meta({ id: 'SettlementNet' });
export const runDetail = runView.extend({ nets: z.array(netView) }).meta({ id: 'SettlementRunDetail' });

export const viewNet = (net: NetRow): z.input<typeof netView> => ({
  party: net.party,
  name: net.name,
  currency: net.currency,
  state: net.state,
  lines: net.lines,
  totals: JSON.parse(net.totals) as Totals,
  netMinor: net.net_minor,
  prepaidMinor: net.prepaid_minor,
  reserveMinor: net.reserve_minor,
  payableMinor: net.payable_minor,
  paidMinor: net.paid_minor,
  lastLink: net.head,
  keyId: net.key_id,
  signature: net.signature,
});

export const cutoffBody = z.strictObject({
  until: atMs.optional().describe('Claims what was posted before; now where it is absent. Not in the future.'),
});

const signed = z
  .int()
  .min(-MAX_AMOUNT)
  .max(MAX_AMOUNT)
  .refine((value) => value !== 0, 'A payment is not nothing.');
export const paymentBody = z.strictObject({
  party: partySchema,
  currency,
  amountMinor: signed.describe('What went to the party (positive) or came from it (negative).'),
  reference: line(80).describe('The bank’s own reference: it counts once.'),
});
export const paymentView = z
  .object({
    paymentId: ulidSchema,
    runId: ulidSchema,
    party: z.string(),
    currency: z.string(),
    amountMinor: z.int(),
    reference: z.string(),
    recordedBy: z.string(),
    at: atMs,
  })
  .meta({ id: 'SettlementPayment' });

export const viewPayment = (row: PaymentRow): z.input<typeof paymentView> => ({
  paymentId: row.payment_id,
  runId: row.run_id,
  party: row.party,
  currency: row.currency,
  amountMinor: row.amount_minor,
  reference: row.reference,
  recordedBy: row.recorded_by,
  at: row.at,
});

export const disputeBody = z.strictObject({
  postingId: z.int().min(1).describe('The line’s `postingId` on the statement.'),
  reason: text(500).min(1),
});
export const disputeState = z.enum(['open', 'upheld', 'rejected']);
export const disputeView = z
  .object({
    disputeId: ulidSchema,
    postingId: z.int(),
    party: z.string(),
    currency: z.string(),
    amountMinor: z.int(),
    runId: z
      .string()
      .nullable()
      .describe('The run that the line was taken out of; null where the next one gives it back.'),
    reason: z.string(),
    state: disputeState,
    openedBy: z.string(),
    openedAt: atMs,
    closedAt: atMs.nullable(),
    bearer: z.string().nullable(),
  })
  .meta({ id: 'MoneyDispute' });

export const viewDispute = (row: DisputeRow): z.input<typeof disputeView> => ({
  disputeId: row.dispute_id,
  postingId: row.posting_id,
  party: row.party,
  currency: row.currency,
  amountMinor: row.amount_minor,
  runId: row.run_id,
  reason: row.reason,
  state: row.state,
  openedBy: row.opened_by,
  openedAt: row.opened_at,
  closedAt: row.closed_at,
  bearer: row.bearer,
});
