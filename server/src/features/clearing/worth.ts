import { divideHalfEven } from '@tessera/shared/points';
import type { Db } from '../../platform/database/database.ts';
import { MILLION } from './rules/terms.ts';
import * as store from './store.ts';

/**
 * What a merchant is paid for points at the rate that holds in its currency now, in minor units; null where none does.
 * Points that were issued at another rate are paid at that.
 */
export async function worthOfPoints(
  db: Db,
  merchantId: string,
  points: number,
  at: number,
): Promise<{ amountMinor: number; currency: string } | null> {
  const [rate] = await store.rateAt(db, { party: merchantId, at });
  if (rate === undefined) return null;
  const exact = BigInt(points) * BigInt(rate.redeem_micro);
  return { amountMinor: Number(divideHalfEven(exact, BigInt(MILLION))), currency: rate.currency };
}
