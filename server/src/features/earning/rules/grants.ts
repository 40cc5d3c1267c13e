import { pointsForAmount, splitByWeight } from '@tessera/shared/points';
import type { Verdict } from './conditions.ts';
import type { CapSpan, RuleVersion } from './rule.ts';
import type { Rate, Sale, SaleLine } from './sale.ts';

/** What a rule, or the merchant's rate (`rule` null), gives for a sale, and over which lines it is spread. */
export interface Grant {
  readonly rule: RuleVersion | null;
  /** Before limits. */
  readonly wanted: number;
  readonly points: number;
  /** One weight a line of the sale. */
  readonly weights: readonly number[];
}

/** What became of one rule. */
export interface RuleOutcome {
  readonly ruleId: string;
  readonly version: number;
  readonly name: string;
  readonly gives: RuleVersion['definition']['gives']['kind'];
  readonly verdict: Verdict;
  readonly wanted: number;
  readonly points: number;
  readonly cappedBy?: CapSpan;
}

export const outcome = (
  { ruleId, version, name, definition }: RuleVersion,
  verdict: Verdict,
  numbers: { readonly wanted?: number; readonly points?: number; readonly cappedBy?: CapSpan | undefined } = {},
): RuleOutcome => ({
  ruleId,
  version,
  name,
  gives: definition.gives.kind,
  verdict,
  wanted: numbers.wanted ?? 0,
  points: numbers.points ?? 0,
  ...(numbers.cappedBy === undefined ? {} : { cappedBy: numbers.cappedBy }),
});

/** The lines of a sale; a till that sends none has sold one thing. */
export function linesOf(sale: Sale): readonly SaleLine[] {
  if ('points' in sale) return [{ product: '', category: null, amountMinor: 0 }];
  return sale.lines.length > 0 ? sale.lines : [{ product: '', category: null, amountMinor: sale.amountMinor }];
}

/** What a rate gives for some of the lines; the steps are counted on their sum. */
export function byRate(
  rule: RuleVersion | null,
  rate: Rate,
  lines: readonly SaleLine[],
  mine: readonly boolean[],
): Grant {
  const weights = lines.map((line, index) => (mine[index] ? line.amountMinor : 0));
  const points = pointsForAmount(
    weights.reduce((total, amount) => total + amount, 0),
    rate,
  );
  return { rule, wanted: points, points, weights };
}

/** How a grant is spread over the lines; the parts add up to it. */
function spread({ points, weights }: Grant, lines: number): number[] {
  if (points === 0) return Array.from({ length: lines }, () => 0);
  if (weights.some((weight) => weight > 0)) return splitByWeight(points, weights);
  return splitByWeight(points, [1, ...Array.from({ length: lines - 1 }, () => 0)]);
}

/** Adds what grants give, line by line. */
export function perLine(grants: readonly Grant[], lines: number): number[] {
  const [only] = grants;
  if (lines === 1) return [grants.reduce((total, grant) => total + grant.points, 0)];
  if (grants.length === 1 && only) return spread(only, lines);
  const total = Array.from({ length: lines }, () => 0);
  for (const grant of grants) {
    for (const [index, points] of spread(grant, lines).entries()) total[index] = (total[index] ?? 0) + points;
  }
  return total;
}
