import * as z from 'zod';
import { decisionView } from '../earning/index.ts';
import type { accrualDetails, accrualView } from './schemas.ts';
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
