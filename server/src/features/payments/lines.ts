import { splitByWeight } from '@tessera/shared/points';

/** One line of what was bought. */
export interface PaymentLine {
  /** The till's name of it, once in a payment. */
  readonly line: string;
  /** What it costs, in minor units: its weight. */
  readonly amountMinor: number;
}

/** A line with its share of the points that were captured. */
export interface PaidLine extends PaymentLine {
  readonly points: number;
}

/** Shares the captured points among the lines by what they cost, so that the parts add up to the whole. */
export function shared(lines: readonly PaymentLine[], points: number): PaidLine[] {
  const parts = splitByWeight(
    points,
    lines.map((line) => line.amountMinor),
  );
  return lines.map((line, index) => ({ ...line, points: parts[index] ?? 0 }));
}
