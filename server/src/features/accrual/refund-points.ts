import { divideHalfEven } from '@tessera/shared/points';
import { assert } from '@tessera/shared/result';

/** Goods and their points, and what of both has come back. */
export interface Returnable {
  /** Minor units. */
  readonly amountMinor: number;
  readonly points: number;
  readonly refundedMinor: number;
  readonly refundedPoints: number;
}

/** `part / whole` of some points, rounded half to even; all of them where the part is the whole. */
const shareOf = (points: number, part: number, whole: number): number =>
  part === whole ? points : Number(divideHalfEven(BigInt(points) * BigInt(part), BigInt(whole)));

/**
 * The points that go back with some of the goods. They are counted on all that has come back so far, so that refunds in any
 * pieces together take what one refund of the whole would.
 * @param amountMinor of what comes back now, minor units
 */
export function pointsBack(goods: Returnable, amountMinor: number): number {
  const after = goods.refundedMinor + amountMinor;
  assert(after <= goods.amountMinor, 'no more comes back than was sold');
  return shareOf(goods.points, after, goods.amountMinor) - goods.refundedPoints;
}

/** How many of a sale's qualifying points are left, by how many of all its points are. */
export const qualifyingLeft = (
  qualifying: number,
  sale: { readonly points: number; readonly refundedPoints: number },
): number => qualifying - (qualifying === 0 ? 0 : shareOf(qualifying, sale.refundedPoints, sale.points));

/**
 * How many of the points that go back now were the operator's; the others were the merchant's.
 * @param sale its points, the operator's among them, and how many had gone back before
 */
export function operatorsPart(
  sale: { readonly points: number; readonly operatorPoints: number; readonly refundedPoints: number },
  back: number,
): number {
  const { points, operatorPoints, refundedPoints } = sale;
  if (operatorPoints === 0) return 0;
  return shareOf(operatorPoints, refundedPoints + back, points) - shareOf(operatorPoints, refundedPoints, points);
}
