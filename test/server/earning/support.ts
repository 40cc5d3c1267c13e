import type { Decided } from '@tessera/server/features/earning/rules/decide';
import { decide } from '@tessera/server/features/earning/rules/decide';
import type { CounterKey, Usage } from '@tessera/server/features/earning/rules/limits';
import type { Definition, RuleVersion } from '@tessera/server/features/earning/rules/rule';
import type { Facts, Sale, SaleLine } from '@tessera/server/features/earning/rules/sale';

/** Noon of a Wednesday in Berlin. */
export const WEDNESDAY = Date.UTC(2026, 6, 1, 10);

export const facts: Facts = {
  soldAt: WEDNESDAY,
  timeZone: 'Europe/Berlin',
  industryId: '01KDVDNA00000000000000000A',
  rate: { points: 1, perMinor: 100 },
  firstVisit: false,
  birthday: null,
  tier: null,
};

let drawn = 0;

/** A rule in force since ever, its id by the order in which it was made. */
export function rule(definition: Partial<Definition> & Pick<Definition, 'gives'>, name = 'rule'): RuleVersion {
  drawn += 1;
  return {
    ruleId: String(drawn).padStart(26, '0'),
    version: 1,
    name,
    startsAt: 0,
    endsAt: null,
    definition: { when: {}, caps: [], fundedBy: 'merchant', priority: 0, ...definition },
  };
}

export const amount = (amountMinor: number, lines: readonly SaleLine[] = []): Sale => ({ amountMinor, lines });
export const line = (product: string, amountMinor: number, category: string | null = null): SaleLine => ({
  product,
  category,
  amountMinor,
});

const keyOf = ({ ruleId, span }: CounterKey): string => `${ruleId} ${span}`;

/** Counters as the database keeps them: decisions read them, claims raise them within their bounds. */
export class Counters {
  readonly #usage = new Map<string, Usage>();

  of = (key: CounterKey): Usage | undefined => this.#usage.get(keyOf(key));

  /** Decides a sale and takes its claims; throws where a claim would not hold. */
  sell(sale: Sale, at: Facts, rules: readonly RuleVersion[]): Decided | 'refused' {
    const decided = decide(sale, at, rules, this.of);
    if (!decided.ok) return 'refused';
    for (const claim of decided.value.claims) {
      const before = this.#usage.get(keyOf(claim)) ?? { points: 0, times: 0, lastAt: Number.MIN_SAFE_INTEGER };
      const points = before.points + claim.points;
      if (points > claim.mostPoints || before.times >= claim.mostTimes || before.lastAt > claim.quietSince)
        throw new Error(`A claim does not hold: ${JSON.stringify({ claim, before })}`);
      const lastAt = Math.max(before.lastAt, at.soldAt);
      this.#usage.set(keyOf(claim), { points, times: before.times + 1, lastAt });
    }
    return decided.value;
  }
}

/** Decides a sale where nothing has been counted yet; throws where it is refused. */
export function earns(sale: Sale, rules: readonly RuleVersion[], change: Partial<Facts> = {}): Decided {
  const decided = decide(sale, { ...facts, ...change }, rules, () => undefined);
  if (!decided.ok) throw new Error(JSON.stringify(decided.error));
  return decided.value;
}

/** Points, and what was said of each rule. */
export const told = ({ decision }: Decided) => [decision.points, ...decision.rules.map(({ verdict }) => verdict)];
