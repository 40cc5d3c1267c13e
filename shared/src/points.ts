import { assert } from './result.ts';

/** Whole points. Points are integers; a fraction of a point does not exist. */
export type Points = number;

/** The largest amount of points or minor units that one account or transaction may hold: far below 2^53. */
export const MAX_AMOUNT = 1_000_000_000_000;

/** True for an integer amount from 0 to MAX_AMOUNT. */
export function isAmount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= MAX_AMOUNT;
}

/** Adds amounts exactly; throws where the sum leaves the safe range (a bug: inputs are bounded at the edge). */
export function sum(amounts: readonly number[]): number {
  let total = 0;
  for (const amount of amounts) {
    total += amount;
    assert(Number.isSafeInteger(total), 'sum stays a safe integer');
  }
  return total;
}

/** `numerator / denominator` rounded half to even, exactly, for integers of any safe size. Denominator > 0. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  assert(denominator > 0n, 'denominator is positive');
  const negative = numerator < 0n;
  const magnitude = negative ? -numerator : numerator;
  const quotient = magnitude / denominator;
  const twiceRest = (magnitude % denominator) * 2n;
  const up = twiceRest > denominator || (twiceRest === denominator && quotient % 2n === 1n);
  const rounded = up ? quotient + 1n : quotient;
  return negative ? -rounded : rounded;
}

/** Points for an amount spent: `amountMinor × points / perMinor`, rounded down (a merchant's rate is "n points per full m spent"). */
export function pointsForAmount(amountMinor: number, rate: { points: number; perMinor: number }): Points {
  assert(isAmount(amountMinor) && isAmount(rate.points) && rate.perMinor > 0, 'amount and rate are in range');
  const points = (BigInt(amountMinor) / BigInt(rate.perMinor)) * BigInt(rate.points);
  assert(points <= BigInt(MAX_AMOUNT), 'points stay in range');
  return Number(points);
}

/** Splits a whole in proportion to weights so that the parts always add up: each part is the rounded cumulative share minus what went before. */
export function splitByWeight(whole: number, weights: readonly number[]): number[] {
  const total = sum(weights);
  assert(total > 0 && weights.every((weight) => weight >= 0), 'weights are not negative and not all zero');
  let weightSoFar = 0;
  let shareSoFar = 0n;
  return weights.map((weight) => {
    weightSoFar += weight;
    const cumulative = divideHalfEven(BigInt(whole) * BigInt(weightSoFar), BigInt(total));
    const part = cumulative - shareSoFar;
    shareSoFar = cumulative;
    return Number(part);
  });
}
