import * as z from 'zod';
import { decisionView } from '../earning/index.ts';
import { qualifyingOf } from './counted-sales.ts';
import type { Refused } from '../../platform/commands/commands.ts';
import { refundedLines, type accrualDetails, type accrualView, type BatchItem, type refundView } from './schemas.ts';
import type { AccruedOnce } from './service.ts';
import type { AccrualRow, LineRow, NewAccrual, RefundRow } from './store.ts';

export const viewAccrual = (row: NewAccrual): z.input<typeof accrualView> => ({
  accrualId: row.accrual_id,
  merchantId: row.merchant_id,
  branchId: row.branch_id,
  terminalId: row.terminal_id,
  memberId: row.member_id,
  reference: row.reference,
  amountMinor: row.amount_minor,
  currency: row.currency,
  points: row.points,
  soldAt: row.sold_at,
  createdAt: row.created_at,
});

export const viewDetails = (
  row: AccrualRow,
  lines: readonly LineRow[],
  refunds: readonly RefundRow[],
): z.input<typeof accrualDetails> => ({
  ...viewAccrual(row),
  refundedMinor: row.refunded_minor,
  refundedPoints: row.refunded_points,
  qualifyingPoints: qualifyingOf(row).left,
  refunds: refunds.map(viewRefund),
  decision: z.parse(decisionView, JSON.parse(row.decision)),
  lines: lines.map((line) => ({
    line: line.line,
    product: line.product,
    category: line.category,
    amountMinor: line.amount_minor,
    points: line.points,
    refundedMinor: line.refunded_minor,
    refundedPoints: line.refunded_points,
  })),
});

export const viewRefund = (row: RefundRow): z.input<typeof refundView> => ({
  refundId: row.refund_id,
  accrualId: row.accrual_id,
  reference: row.reference,
  amountMinor: row.amount_minor,
  points: row.points,
  fromPending: row.from_pending,
  fromAvailable: row.from_available,
  owed: row.owed,
  lines: z.parse(refundedLines, JSON.parse(row.lines)),
  reason: row.reason,
  createdAt: row.created_at,
});

/** One sale's answer in a batch. */
export function viewItem(reference: string, result: Refused<AccruedOnce>): BatchItem {
  if (!result.ok) return { ok: false, reference, problem: result.error };
  const { row, available, repeated } = result.value;
  const { accrual_id: accrualId, member_id: memberId, points } = row;
  return { ok: true, reference, repeated, accrualId, memberId, points, available };
}
