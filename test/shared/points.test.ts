import { expect } from 'chai';
import fc from 'fast-check';
import { divideHalfEven, MAX_AMOUNT, pointsForAmount, splitByWeight, sum } from '@tessera/shared/points';

describe('exact arithmetic', () => {
  it('rounds half to even', () => {
    const rows: [bigint, bigint, bigint][] = [
      [5n, 2n, 2n],
      [7n, 2n, 4n],
      [-5n, 2n, -2n],
      [-7n, 2n, -4n],
      [1n, 3n, 0n],
      [2n, 3n, 1n],
    ];
    for (const [numerator, denominator, expected] of rows) {
      expect(divideHalfEven(numerator, denominator)).to.equal(expected);
    }
  });

  it('never strays more than half from the true quotient, and goes to even at exactly half', () => {
    const denominator = fc.bigInt({ min: 1n, max: 10n ** 12n });
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), denominator, (a, b) => {
        const twice = 2n * (a - divideHalfEven(a, b) * b);
        const distance = twice < 0n ? -twice : twice;
        return distance < b || (distance === b && divideHalfEven(a, b) % 2n === 0n);
      }),
    );
  });

  it('splits a whole into parts that add up to it, whatever the weights', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_AMOUNT }), weights, (whole, parts) => {
        fc.pre(sum(parts) > 0);
        const split = splitByWeight(whole, parts);
        return sum(split) === whole && split.every((part) => part >= 0);
      }),
    );
  });

  it('gives points for each full step of an amount only', () => {
    const rate = { points: 3, perMinor: 100 };
    expect([0, 99, 100, 199, 250].map((amount) => pointsForAmount(amount, rate))).to.deep.equal([0, 0, 3, 3, 6]);
  });

  it('throws rather than losing a unit beyond the safe range', () => {
    expect(() => sum([Number.MAX_SAFE_INTEGER, 1])).to.throw();
    expect(() => pointsForAmount(MAX_AMOUNT, { points: MAX_AMOUNT, perMinor: 1 })).to.throw();
    expect(() => pointsForAmount(1.5, { points: 1, perMinor: 1 })).to.throw();
  });
});
