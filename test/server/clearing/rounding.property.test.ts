import { burnLegs, expiryLegs, issueLegs, repayLegs, type Leg } from '@tessera/server/features/clearing/rules/legs';
import { roundLegs, type MoneyLine } from '@tessera/server/features/clearing/rules/rounding';
import type { Portion, Terms } from '@tessera/server/features/clearing/rules/terms';
import { divideHalfEven } from '@tessera/shared/points';
import { expect } from 'chai';
import * as fc from 'fast-check';

const terms: fc.Arbitrary<Terms> = fc
  .record({
    rateId: fc.constantFrom('r1', 'r2'),
    currency: fc.constantFrom('EUR', 'CNY'),
    basis: fc.constantFrom('on_issue' as const, 'on_redeem' as const),
    face: fc.integer({ min: 1, max: 5_000_000 }),
    fee: fc.integer({ min: 0, max: 1_000_000 }),
    kept: fc.integer({ min: 0, max: 1_000_000 }),
    issuerShare: fc.integer({ min: 0, max: 1_000_000 }),
  })
  .map(({ fee, kept, ...rest }) => ({ ...rest, issue: rest.face + fee, redeem: Math.max(0, rest.face - kept) }));
const points = fc.integer({ min: 1, max: 1_000_000 });
const portion: fc.Arbitrary<Portion> = fc.record({ issuer: fc.constantFrom('a', 'b', 'operator'), terms, points });

const sums = (lines: readonly MoneyLine[], what: 'amount' | 'rest'): number[] => {
  const byCurrency = new Map<string, number>();
  for (const line of lines) byCurrency.set(line.currency, (byCurrency.get(line.currency) ?? 0) + line[what]);
  return [...byCurrency.values()];
};

/** Books legs one after the other on one subject, as the service does. */
function book(steps: readonly (readonly Leg[])[]): MoneyLine[] {
  const booked: MoneyLine[] = [];
  for (const legs of steps) {
    const standing = new Map<string, MoneyLine>();
    for (const line of booked) {
      const key = `${line.account} ${line.party} ${line.currency}`;
      const before = standing.get(key);
      const { amount, rest } = before ?? { amount: 0, rest: 0 };
      standing.set(key, { ...line, amount: amount + line.amount, rest: rest + line.rest });
    }
    booked.push(...roundLegs(legs, [...standing.values()]));
  }
  return booked;
}

const held = (lines: readonly MoneyLine[], account: string, party: string, currency: string): number =>
  lines
    .filter((line) => line.account === account && line.party === party && line.currency === currency)
    .reduce((total, line) => total + line.amount, 0);

describe('rounding of money', () => {
  it('sums to zero in every currency, whatever is booked', () => {
    fc.assert(
      fc.property(fc.array(portion, { minLength: 1, maxLength: 6 }), portion, (portions, lent) => {
        const [first] = portions;
        if (first === undefined) return;
        for (const legs of [
          issueLegs(first),
          burnLegs(portions, 'c'),
          burnLegs(portions, first.issuer),
          expiryLegs(first),
          repayLegs(first, lent),
        ]) {
          const lines = roundLegs(legs, []);
          for (const total of [...sums(lines, 'amount'), ...sums(lines, 'rest')]) expect(total).to.equal(0);
        }
      }),
    );
  });

  it('gives the same for a burn in parts as for the whole, and nothing once all of it came back', () => {
    fc.assert(
      fc.property(terms, fc.array(points, { minLength: 1, maxLength: 8 }), (rate, parts) => {
        const of = (count: number) => burnLegs([{ issuer: 'a', terms: rate, points: count }], 'c');
        const whole = parts.reduce((total, part) => total + part, 0);
        const once = book([of(whole)]);
        const split = book(parts.map(of));
        for (const [account, party] of [
          ['merchant:clearing', 'a'],
          ['merchant:clearing', 'c'],
          ['points_fund', 'a'],
          ['fee_income', 'operator'],
          ['rounding', 'operator'],
        ] as const) {
          expect(held(split, account, party, rate.currency)).to.equal(held(once, account, party, rate.currency));
        }
        const undone = book([...parts.map(of), ...[...parts].reverse().map((part) => of(-part))]);
        for (const line of undone) expect(held(undone, line.account, line.party, line.currency)).to.equal(0);
      }),
    );
  });

  it('pays the redeemer of points of several issuers half to even on the whole', () => {
    fc.assert(
      fc.property(fc.array(portion, { minLength: 1, maxLength: 6 }), (portions) => {
        const euros = portions.map((each) => ({ ...each, terms: { ...each.terms, currency: 'EUR' } }));
        const lines = roundLegs(burnLegs(euros, 'c'), []);
        const exact = euros.reduce((total, each) => total + BigInt(each.points) * BigInt(each.terms.redeem), 0n);
        expect(held(lines, 'merchant:clearing', 'c', 'EUR')).to.equal(Number(divideHalfEven(exact, 1_000_000n)));
      }),
    );
  });
});
