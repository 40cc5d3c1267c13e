import * as z from 'zod';
import type { Db } from '../../platform/database/database.ts';
import { decisionView, qualifyingPoints } from '../earning/index.ts';
import type { CountedSale } from '../tiers/index.ts';
import { qualifyingLeft } from './refund-points.ts';
import { salesOfMember, type AccrualRow } from './store.ts';

type Decided = Pick<AccrualRow, 'qualifying_points' | 'decision' | 'points' | 'refunded_points'>;

/** The qualifying points of a sale: all of them, and those that are left after goods came back. */
export function qualifyingOf(row: Decided): { readonly points: number; readonly left: number } {
  // A sale from before there were tiers says it by its decision alone.
  const points = row.qualifying_points ?? qualifyingPoints(z.parse(decisionView, JSON.parse(row.decision)));
  return { points, left: qualifyingLeft(points, { points: row.points, refundedPoints: row.refunded_points }) };
}

/** A member's sales since a moment, ms since the epoch, as tiers count them. */
export async function countedSalesSince(db: Db, memberId: string, since: number): Promise<CountedSale[]> {
  const rows = await salesOfMember(db, memberId, since);
  return rows.map((row) => ({ memberId, accrualId: row.accrual_id, soldAt: row.sold_at, ...qualifyingOf(row) }));
}
