import { sum } from '@tessera/shared/points';
import type { RuleOutcome } from './grants.ts';

/** What of a decision matters here. */
interface Given {
  readonly base: { readonly points: number };
  readonly rules: readonly Pick<RuleOutcome, 'gives' | 'points'>[];
}

/**
 * The points of a sale that count for tiers: what was given for what was bought, by the merchant's rate or by rates that
 * take its place, or as the clerk typed them. What multipliers and bonuses add is a present: it buys no tier.
 */
export function qualifyingPoints({ base, rules }: Given): number {
  return base.points + sum(rules.filter(({ gives }) => gives === 'rate').map(({ points }) => points));
}
