import type { Cap, Definition, RuleVersion } from '@tessera/server/features/earning/rules/rule';
import { capSpans } from '@tessera/server/features/earning/rules/rule';
import type { Facts, Sale } from '@tessera/server/features/earning/rules/sale';
import { localTime } from '@tessera/server/platform/clock/local-time';
import { expect } from 'chai';
import fc from 'fast-check';
import { Counters, facts, rule, WEDNESDAY } from './support.ts';

const HOUR = 3_600_000;
const product = fc.constantFrom('tea', 'cup', 'cake');

const cap: fc.Arbitrary<Cap> = fc.oneof(
  fc.record({
    per: fc.constantFrom(...capSpans),
    points: fc.integer({ min: 1, max: 60 }),
    beyond: fc.constantFrom('truncate' as const, 'refuse' as const),
  }),
  fc.record({ per: fc.constantFrom(...capSpans), times: fc.integer({ min: 1, max: 4 }) }),
);
const about = fc.option(fc.uniqueArray(product, { minLength: 1 }), { nil: undefined });

const definition: fc.Arbitrary<Partial<Definition> & Pick<Definition, 'gives'>> = fc.oneof(
  fc.record({
    when: fc.record({
      products: about,
      minAmountMinor: fc.option(fc.integer({ min: 1, max: 900 }), { nil: undefined }),
    }),
    gives: fc.oneof(
      fc.record({
        kind: fc.constant('rate' as const),
        points: fc.integer({ min: 0, max: 5 }),
        perMinor: fc.constantFrom(1, 7, 100),
      }),
      fc.record({ kind: fc.constant('multiplier' as const), percent: fc.integer({ min: 101, max: 450 }) }),
      fc.record({ kind: fc.constant('bonus' as const), points: fc.integer({ min: 1, max: 50 }) }),
    ),
    caps: fc.array(cap, { maxLength: 2 }),
    cooldownHours: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
    fundedBy: fc.constantFrom('merchant' as const, 'operator' as const),
  }),
  fc.record({ gives: fc.constant({ kind: 'limit' as const }), caps: fc.array(cap, { minLength: 1, maxLength: 2 }) }),
  fc.record({ gives: fc.constant({ kind: 'nothing' as const }), when: fc.constant({ products: ['cake'] }) }),
);

const sale: fc.Arbitrary<Sale> = fc.oneof(
  fc
    .array(fc.record({ product, category: fc.constant(null), amountMinor: fc.integer({ min: 0, max: 999 }) }), {
      maxLength: 5,
    })
    .map((lines) => ({ amountMinor: lines.reduce((sum, each) => sum + each.amountMinor, 0), lines })),
  fc.integer({ min: 0, max: 3000 }).map((amountMinor) => ({ amountMinor, lines: [] })),
  fc.integer({ min: 1, max: 60 }).map((points) => ({ points })),
);

const rules = fc.array(definition, { maxLength: 6 }).map((all) => all.map((each) => rule(each)));
const visits = fc.array(fc.tuple(sale, fc.integer({ min: 0, max: 2000 })), { minLength: 1, maxLength: 25 });

const spanOf = (per: Cap['per'], at: Facts): string => {
  const { date } = localTime(at.soldAt, at.timeZone);
  const lengths = { member_day: 10, member_month: 7, member_year: 4, member: 0, budget: 0 };
  return date.slice(0, lengths[per]);
};

/** Adds up, by the decisions alone, what each cap has let through. */
class Tally {
  readonly #points = new Map<string, number>();
  readonly #times = new Map<string, number>();

  /** Counts what a rule gave, and says which cap it broke. */
  count({ ruleId, definition: { caps } }: RuleVersion, points: number, at: Facts): Cap | undefined {
    for (const [index, each] of caps.entries()) {
      const key = `${ruleId} ${String(index)} ${spanOf(each.per, at)}`;
      this.#points.set(key, (this.#points.get(key) ?? 0) + points);
      this.#times.set(key, (this.#times.get(key) ?? 0) + 1);
    }
    return caps.find((each, index) => {
      const key = `${ruleId} ${String(index)} ${spanOf(each.per, at)}`;
      if ('times' in each) return (this.#times.get(key) ?? 0) > each.times;
      return (this.#points.get(key) ?? 0) > each.points;
    });
  }
}

describe('decisions, whatever the rules and sales', () => {
  it('add up: lines, lots and rules are the points of the sale', () => {
    fc.assert(
      fc.property(rules, visits, (all, story) => {
        const counters = new Counters();
        let soldAt = WEDNESDAY;
        for (const [sold, minutes] of story) {
          soldAt += minutes * 60_000;
          const decided = counters.sell(sold, { ...facts, soldAt }, all);
          if (decided === 'refused') continue;
          const { decision, lots, linePoints } = decided;
          const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
          const byRules = decision.rules.filter(({ gives }) => gives !== 'limit').map(({ points }) => points);
          expect(decision.base.points + sum(byRules), 'rules').to.equal(decision.points);
          expect(sum(lots.map(({ points }) => points)), 'lots').to.equal(decision.points);
          expect(sum(linePoints), 'lines').to.equal(decision.points);
          expect([...linePoints, ...lots.map(({ points }) => points)].every((points) => points >= 0)).to.equal(true);
          expect(lots.every(({ points }) => points > 0)).to.equal(true);
          expect(decision.rules, 'every rule is named').to.have.length(all.length);
        }
      }),
    );
  });

  it('never let a cap be passed, nor a rule fire while it rests', () => {
    fc.assert(
      fc.property(rules, visits, (all, story) => {
        const counters = new Counters();
        const tally = new Tally();
        const lastFired = new Map<string, number>();
        let soldAt = WEDNESDAY;
        for (const [sold, minutes] of story) {
          soldAt += minutes * 60_000;
          const decided = counters.sell(sold, { ...facts, soldAt }, all);
          if (decided === 'refused') continue;
          for (const { ruleId, points } of decided.decision.rules.filter((each) => each.points > 0)) {
            const fired = all.find((each) => each.ruleId === ruleId)!;
            expect(tally.count(fired, points, { ...facts, soldAt }), fired.name).to.equal(undefined);
            const restsUntil = (lastFired.get(ruleId) ?? 0) + (fired.definition.cooldownHours ?? 0) * HOUR;
            expect(soldAt).to.be.at.least(restsUntil);
            lastFired.set(ruleId, soldAt);
          }
        }
      }),
    );
  });

  it('are the same for the same question', () => {
    fc.assert(
      fc.property(rules, sale, (all, sold) => {
        const once = new Counters().sell(sold, facts, all);
        expect(new Counters().sell(sold, facts, all)).to.deep.equal(once);
      }),
    );
  });
});
