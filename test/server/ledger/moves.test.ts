import { replayPoints } from '@tessera/server/features/ledger/index';
import { expect } from 'chai';
import { openBooks, type Books } from '../support/ledger.ts';

const DAY = 86_400_000;

describe('transfers and adjustments', () => {
  let books: Books;
  let ana: string;
  let bo: string;
  beforeEach(async () => {
    books = await openBooks();
    [ana, bo] = books.members;
  });
  afterEach(() => books.close());

  const transfer = (points: number) =>
    books.run((tx) =>
      books.ledger.transfer(tx, { transferId: books.newId(), from: ana, to: bo, points, reason: 'gift' }),
    );
  const adjust = (points: number) =>
    books.run((tx) =>
      books.ledger.adjust(tx, { adjustmentId: books.newId(), memberId: ana, points, expiresAt: null, reason: 'error' }),
    );

  it('moves lots with their issuer, age and sale', async () => {
    const [issuer] = books.merchants;
    const expiresAt = books.time.nowMs() + DAY;
    const origin = await books.earn(ana, 50, { issuer, expiresAt, accrualId: 'sale' });
    await books.earn(ana, 50);
    const [before] = await books.ledger.lots(books.db, ana);
    expect((await transfer(70)).ok).to.equal(true);
    const [first, second] = await books.ledger.lots(books.db, bo);
    expect(first).to.include({ issuer, expiresAt, accrualId: 'sale', available: 50, originLotId: origin });
    expect(first?.earnedAt).to.equal(before?.earnedAt);
    expect(second).to.include({ issuer: null, expiresAt: null, available: 20 });
    expect(await books.lots(ana)).to.deep.equal([0, 30]);
    expect(await transfer(31)).to.deep.equal({ ok: false, error: { missing: 1 } });
    await books.expectSound();
  });

  it('pays what the receiver owes', async () => {
    await books.earn(ana, 50);
    await books.run((tx) =>
      books.ledger.clawback(tx, { memberId: bo, accrualId: 'x', issuer: null, points: 20, reason: 'refund' }),
    );
    expect((await transfer(50)).ok).to.equal(true);
    expect(await books.balances(bo)).to.deep.equal({ pending: 0, available: 30, held: 0, debt: 0 });
    await books.expectSound();
  });

  it('gives and takes by hand, and never takes what is not there', async () => {
    expect((await adjust(40)).ok).to.equal(true);
    expect((await adjust(-15)).ok).to.equal(true);
    expect(await adjust(-26)).to.deep.equal({ ok: false, error: { missing: 1 } });
    expect((await books.balances(ana)).available).to.equal(25);
  });
});

describe('the replay', () => {
  let books: Books;
  let ana: string;
  beforeEach(async () => {
    books = await openBooks();
    [ana] = books.members;
    await books.earn(ana, 100);
    await books.earn(ana, 30, { pending: { event: 'delivered' } });
    const key = { holdId: 'h', memberId: ana };
    await books.run(async (tx) => {
      const held = await books.ledger.hold(tx, { ...key, points: 60, purpose: 'payment', beneficiary: null });
      expect(held.ok).to.equal(true);
      await books.ledger.capture(tx, key, 50);
      await books.ledger.refund(tx, key, 20, 'goods returned');
    });
  });
  afterEach(() => books.close());

  const replay = () => replayPoints(books.db, () => undefined);

  it('rebuilds what the books say', async () => {
    expect(await replay()).to.deep.equal({
      ok: true,
      members: 2,
      transactions: 5,
      postings: 11,
      lots: 2,
      differences: [],
    });
  });

  const tamperings = [
    ['balances', { available: 71 }, 'balance available', 71, 70],
    ['point_lots', { remaining: 5 }, 'remaining', 5, 70],
    ['holds', { returned: 10 }, 'hold h burnt', 40, 30],
    ['point_postings', { points: 31 }, 'transaction', 0, 1],
  ] as const;
  for (const [table, change, what, inBooks, posted] of tamperings) {
    it(`finds a change of ${table}`, async () => {
      const where = { balances: 'available', point_lots: 'remaining', holds: 'returned', point_postings: 'points' }[
        table
      ];
      const value = { balances: 70, point_lots: 70, holds: 20, point_postings: 30 }[table];
      await books.db
        .updateTable(table)
        .set(change)
        .where(where as 'points', '=', value)
        .execute();
      const { ok, differences } = await replay();
      expect(ok).to.equal(false);
      const found = differences.find((each) => each.what.includes(what));
      expect(found, JSON.stringify(differences)).to.include({ books: inBooks, postings: posted });
    });
  }
});
