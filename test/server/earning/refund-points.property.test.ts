import { operatorsPart, pointsBack } from '@tessera/server/features/accrual/refund-points';
import { expect } from 'chai';
import fc from 'fast-check';

/** Cuts an amount into pieces that add up to it. */
const pieces = fc
  .tuple(
    fc.integer({ min: 1, max: 100_000_000 }),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
  )
  .map(([amount, cuts]) => {
    const at = [0, ...cuts.map((cut) => Math.floor(cut * amount)).sort((a, b) => a - b), amount];
    return { amount, parts: at.slice(1).map((end, index) => end - (at[index] ?? 0)) };
  });

describe('points of goods that come back', () => {
  it('are together those of the whole, in whatever pieces, and never less than none', () => {
    fc.assert(
      fc.property(pieces, fc.integer({ min: 0, max: 1_000_000_000 }), ({ amount, parts }, points) => {
        let [refundedMinor, refundedPoints] = [0, 0];
        for (const part of parts) {
          const back = pointsBack({ amountMinor: amount, points, refundedMinor, refundedPoints }, part);
          expect(back).to.be.at.least(0);
          refundedMinor += part;
          refundedPoints += back;
          const exact = (points * refundedMinor) / amount;
          expect(Math.abs(refundedPoints - exact)).to.be.at.most(0.5 + exact * 1e-9);
        }
        expect(refundedPoints).to.equal(points);
      }),
    );
  });

  it('of goods that cost nothing come back with them', () => {
    const gift = { amountMinor: 0, points: 7, refundedMinor: 0, refundedPoints: 0 };
    expect(pointsBack(gift, 0)).to.equal(7);
    expect(pointsBack({ ...gift, refundedPoints: 7 }, 0)).to.equal(0);
  });

  it('are the operator’s and the merchant’s as they were given', () => {
    const shares = fc
      .integer({ min: 1, max: 1000 })
      .chain((points) =>
        fc.tuple(fc.constant(points), fc.integer({ min: 0, max: points }), fc.array(fc.integer({ min: 0, max: 300 }))),
      );
    fc.assert(
      fc.property(shares, ([points, operatorPoints, steps]) => {
        let [refundedPoints, operators] = [0, 0];
        for (const step of [...steps, points]) {
          const back = Math.min(step, points - refundedPoints);
          const part = operatorsPart({ points, operatorPoints, refundedPoints }, back);
          expect(part).to.be.within(0, back);
          operators += part;
          refundedPoints += back;
        }
        expect(operators).to.equal(operatorPoints);
      }),
    );
  });
});
