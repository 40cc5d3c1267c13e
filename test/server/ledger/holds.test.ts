import { expect } from 'chai';
import fc from 'fast-check';
import { openBooks, type Books } from '../support/ledger.ts';

const DAY = 86_400_000;

describe('holds', () => {
  let books: Books;
  let ana: string;
  let bo: string;
  beforeEach(async () => {
    books = await openBooks();
    [ana, bo] = books.members;
  });
  afterEach(() => books.close());

  const hold = (memberId: string, points: number, orOwe = false) => {
    const key = { holdId: books.newId(), memberId };
    return books.run(async (tx) => {
      const request = { ...key, points, purpose: 'payment', beneficiary: null } as const;
      const held = await books.ledger.hold(tx, request, orOwe);
      return { ...key, ok: held.ok };
    });
  };
  const capture = (key: { holdId: string; memberId: string }, points?: number) =>
    books.run((tx) => books.ledger.capture(tx, key, points));
  const refund = (key: { holdId: string; memberId: string }, points: number) =>
    books.run((tx) => books.ledger.refund(tx, key, points, 'goods returned'));

  it('takes the earliest expiry first, and tells what is missing', async () => {
    const now = books.time.nowMs();
    await books.earn(ana, 50);
    await books.earn(ana, 50, { expiresAt: now + 2 * DAY });
    await books.earn(ana, 50, { expiresAt: now + DAY });
    const held = await hold(ana, 70);
    expect(await books.lots(ana)).to.deep.equal([50, 30, 0]);
    expect(await books.balances(ana)).to.deep.equal({ pending: 0, available: 80, held: 70, debt: 0 });
    const refused = await hold(ana, 81);
    expect(refused.ok).to.equal(false);
    await books.run((tx) => books.ledger.release(tx, held));
    expect(await books.lots(ana)).to.deep.equal([50, 50, 50]);
    await books.expectSound();
  });

  it('captures a part: the rest is free at once, in the lots that would have lasted longest', async () => {
    await books.earn(ana, 60);
    await books.earn(ana, 60);
    await capture(await hold(ana, 100), 30);
    expect(await books.lots(ana)).to.deep.equal([30, 60]);
    expect(await books.balances(ana)).to.deep.equal({ pending: 0, available: 90, held: 0, debt: 0 });
    await books.expectSound();
  });

  it('brings a refund back with the age that the points had', async () => {
    const expiresAt = books.time.nowMs() + DAY;
    await books.earn(ana, 60, { expiresAt });
    const held = await hold(ana, 60);
    await capture(held);
    await books.time.pass(2 * DAY);
    await refund(held, 20);
    expect((await books.balances(ana)).available).to.equal(20);
    // They were given back to a lot whose time is over: nobody can spend them, and the next sweep ends them.
    expect((await hold(ana, 1)).ok).to.equal(false);
    await books.run((tx) => books.ledger.expire(tx, 100));
    expect((await books.balances(ana)).available).to.equal(0);
    await books.expectSound();
  });

  it('gives back no more than was burnt, and nothing twice', async () => {
    await books.earn(ana, 60);
    const held = await hold(ana, 60);
    await capture(held, 40);
    await refund(held, 40);
    for (const wrong of [
      () => refund(held, 1),
      () => capture(held),
      () => books.run((tx) => books.ledger.release(tx, held)),
    ])
      expect(
        await wrong().then(
          () => 'done',
          () => 'refused',
        ),
      ).to.equal('refused');
    expect(await books.lots(ana)).to.deep.equal([60]);
    await books.expectSound();
  });

  it('returns what is owed for a hold, and gives a lot where it was paid meanwhile', async () => {
    await books.earn(ana, 10);
    const held = await hold(ana, 100, true);
    expect(await books.balances(ana)).to.deep.equal({ pending: 0, available: 0, held: 100, debt: 90 });
    await books.earn(ana, 50);
    expect((await books.balances(ana)).debt).to.equal(40);
    await books.run((tx) => books.ledger.release(tx, held));
    expect(await books.balances(ana)).to.deep.equal({ pending: 0, available: 60, held: 0, debt: 0 });
    await books.expectSound();
  });

  it('leaves after captures and refunds in any pieces what a smaller burn would have left', async () => {
    const lots = fc.array(
      fc.record({ points: fc.integer({ min: 1, max: 40 }), days: fc.integer({ min: 1, max: 5 }) }),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    await fc.assert(
      fc.asyncProperty(
        lots,
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (made, pieces, share) => {
          const now = books.time.nowMs();
          for (const memberId of [ana, bo])
            for (const { points, days } of made) await books.earn(memberId, points, { expiresAt: now + days * DAY });
          const left = async (memberId: string) => (await books.lots(memberId)).slice(-made.length);
          const all = (await books.balances(ana)).available;
          const burnt = Math.max(1, Math.floor(all * share));
          const first = await hold(ana, all);
          await capture(first, burnt);
          let back = 0;
          for (const piece of pieces) {
            const points = Math.min(piece, burnt - back);
            if (points > 0) await refund(first, points);
            back += points;
          }
          if (burnt > back) await capture(await hold(bo, burnt - back));
          expect(await left(ana)).to.deep.equal(await left(bo));
          if (burnt > back) await refund(first, burnt - back);
          expect(await left(ana)).to.deep.equal(made.map((lot) => lot.points));
          await books.expectSound();
          // What the next round begins with: nothing.
          await books.time.pass(6 * DAY);
          await books.run((tx) => books.ledger.expire(tx, 1000));
        },
      ),
      { numRuns: 40 },
    );
  });
});
