import { expect } from 'chai';
import fc from 'fast-check';
import { divideHalfEven, isAmount, MAX_AMOUNT, pointsForAmount, splitByWeight, sum } from '@tessera/shared/points';

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

  it('takes whole amounts from nothing to the most', () => {
    expect([0, 1, MAX_AMOUNT].map(isAmount)).to.deep.equal([true, true, true]);
    expect([-1, 0.5, MAX_AMOUNT + 1, Number.NaN, Number.POSITIVE_INFINITY].map(isAmount)).to.deep.equal(
      Array.from({ length: 5 }, () => false),
    );
  });

  it('adds what it is given, and nothing to nothing', () => {
    expect([sum([]), sum([5]), sum([1, 2, 3]), sum([5, -7])]).to.deep.equal([0, 5, 6, -2]);
    expect(() => sum([Number.MAX_SAFE_INTEGER, 1])).to.throw('sum stays a safe integer');
  });

  it('divides by what is more than nothing alone', () => {
    for (const denominator of [0n, -3n]) {
      expect(() => divideHalfEven(1n, denominator)).to.throw('denominator is positive');
    }
  });

  it('gives points up to the most, and for amounts and rates in range alone', () => {
    expect(pointsForAmount(MAX_AMOUNT, { points: 1, perMinor: 1 })).to.equal(MAX_AMOUNT);
    expect(pointsForAmount(MAX_AMOUNT, { points: 0, perMinor: 1 })).to.equal(0);
    const wrong = [
      [-1, { points: 1, perMinor: 1 }],
      [100, { points: -1, perMinor: 1 }],
      [100, { points: 1.5, perMinor: 1 }],
      [100, { points: 1, perMinor: 0 }],
      [100, { points: 1, perMinor: -100 }],
    ] as const;
    for (const [amount, rate] of wrong) {
      expect(() => pointsForAmount(amount, rate)).to.throw('amount and rate are in range');
    }
    expect(() => pointsForAmount(MAX_AMOUNT, { points: 2, perMinor: 1 })).to.throw('points stay in range');
  });

  it('splits in proportion, and by weights alone that say something', () => {
    expect(splitByWeight(100, [1, 1, 2])).to.deep.equal([25, 25, 50]);
    expect(splitByWeight(10, [1, 1, 1])).to.deep.equal([3, 4, 3]);
    expect(splitByWeight(7, [0, 1, 0])).to.deep.equal([0, 7, 0]);
    for (const weights of [[], [0, 0], [3, -1]]) {
      expect(() => splitByWeight(10, weights)).to.throw('weights are not negative and not all zero');
    }
  });
});
