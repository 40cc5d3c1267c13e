import * as z from 'zod';
import { decisionView } from '../earning/index.ts';
import type { Refused } from '../../platform/commands/commands.ts';
import type { accrualDetails, accrualView, BatchItem } from './schemas.ts';
import type { AccruedOnce } from './service.ts';
import type { AccrualRow, LineRow } from './store.ts';

export const viewAccrual = (row: AccrualRow): z.input<typeof accrualView> => ({
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

export const viewDetails = (row: AccrualRow, lines: readonly LineRow[]): z.input<typeof accrualDetails> => ({
  ...viewAccrual(row),
  decision: z.parse(decisionView, JSON.parse(row.decision)),
  lines: lines.map(({ line, product, category, amount_minor, points }) => ({
    line,
    product,
    category,
    amountMinor: amount_minor,
    points,
  })),
});

/** One sale's answer in a batch. */
export function viewItem(reference: string, result: Refused<AccruedOnce>): BatchItem {
  if (!result.ok) return { ok: false, reference, problem: result.error };
  const { row, available, repeated } = result.value;
  const { accrual_id: accrualId, member_id: memberId, points } = row;
  return { ok: true, reference, repeated, accrualId, memberId, points, available };
}
