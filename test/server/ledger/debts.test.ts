import { expect } from 'chai';
import type { ClearingPort, ClawedBack } from '@tessera/server/features/ledger/index';
import { noClearing } from '@tessera/server/features/ledger/index';
import { openBooks, type Books } from '../support/ledger.ts';

describe('clawback and debt', () => {
  let books: Books;
  let ana: string;
  let told: ClawedBack[];
  beforeEach(async () => {
    told = [];
    const clearing: ClearingPort = {
      ...noClearing,
      clawedBack: (_tx, event) => {
        told.push(event);
        return Promise.resolve();
      },
    };
    books = await openBooks(clearing);
    [ana] = books.members;
  });
  afterEach(() => books.close());

  const clawback = (accrualId: string, points: number) =>
    books.run((tx) => books.ledger.clawback(tx, { memberId: ana, accrualId, issuer: 'A', points, reason: 'refund' }));
  const spend = (points: number) =>
    books.run(async (tx) => {
      const key = { holdId: books.newId(), memberId: ana };
      expect((await books.ledger.hold(tx, { ...key, points, purpose: 'payment', beneficiary: null })).ok).to.equal(
        true,
      );
      await books.ledger.capture(tx, key);
    });

  it('takes the sale’s own pending points first, then its available ones', async () => {
    const sale = { accrualId: 'sale', issuer: 'A' };
    await books.earn(ana, 100);
    await books.earn(ana, 40, { ...sale, pending: { event: 'delivered' } });
    await books.earn(ana, 60, sale);
    expect(await clawback('sale', 70)).to.include({ fromPending: 40, fromAvailable: 30, owed: 0 });
    expect(await books.lots(ana)).to.deep.equal([100, 0, 30]);
    expect(await books.balances(ana)).to.deep.equal({ pending: 0, available: 130, held: 0, debt: 0 });
    await books.expectSound();
  });

  it('takes other lots where the sale’s own are spent, then owes, and says where it found what', async () => {
    const own = await books.earn(ana, 50, { accrualId: 'sale', issuer: 'A' });
    const other = await books.earn(ana, 20, { issuer: 'B' });
    await spend(40);
    expect(await clawback('sale', 50)).to.include({ fromPending: 0, fromAvailable: 30, owed: 20 });
    expect(told[0]).to.deep.include({ accrualId: 'sale', issuer: 'A', points: 50 });
    expect(told[0]?.parts).to.deep.equal([
      { lotId: own, issuer: 'A', points: 10 },
      { lotId: other, issuer: 'B', points: 20 },
      { lotId: null, issuer: null, points: 20 },
    ]);
    expect(await books.balances(ana)).to.deep.equal({ pending: 0, available: 0, held: 0, debt: 20 });
    await books.expectSound();
  });

  it('pays the debt from what is earned later, at once or when it has vested', async () => {
    await books.earn(ana, 30, { accrualId: 'sale' });
    await spend(30);
    await clawback('sale', 30);
    await books.earn(ana, 12);
    expect(await books.balances(ana)).to.deep.equal({ pending: 0, available: 0, held: 0, debt: 18 });
    await books.earn(ana, 50, { pending: { until: books.time.nowMs() + 1000 } });
    expect(await books.balances(ana)).to.deep.equal({ pending: 50, available: 0, held: 0, debt: 18 });
    await books.time.pass(1000);
    await books.run((tx) => books.ledger.vest(tx, 10));
    expect(await books.balances(ana)).to.deep.equal({ pending: 0, available: 32, held: 0, debt: 0 });
    await books.expectSound();
  });

  it('lets a hold that comes back pay what was owed meanwhile', async () => {
    await books.earn(ana, 30, { accrualId: 'sale' });
    const key = { holdId: books.newId(), memberId: ana };
    const held = { ...key, points: 30, purpose: 'payment', beneficiary: null } as const;
    expect((await books.run((tx) => books.ledger.hold(tx, held))).ok).to.equal(true);
    await clawback('sale', 25);
    expect(await books.balances(ana)).to.deep.equal({ pending: 0, available: 0, held: 30, debt: 25 });
    await books.run((tx) => books.ledger.release(tx, key));
    expect(await books.balances(ana)).to.deep.equal({ pending: 0, available: 5, held: 0, debt: 0 });
    await books.expectSound();
  });

  it('makes points available on their event, for its issuer only', async () => {
    const [a, b] = books.merchants;
    await books.earn(ana, 10, { issuer: a, pending: { event: 'delivered:7' } });
    await books.earn(ana, 20, { issuer: b, pending: { event: 'delivered:7' } });
    expect(await books.run((tx) => books.ledger.vestOn(tx, 'delivered:7', a, 10))).to.deep.equal({
      lots: 1,
      points: 10,
    });
    expect(await books.balances(ana)).to.include({ pending: 20, available: 10 });
    expect(await books.run((tx) => books.ledger.vestOn(tx, 'delivered:7', undefined, 10))).to.include({ points: 20 });
    expect(await books.run((tx) => books.ledger.vestOn(tx, 'delivered:7', undefined, 10))).to.include({ points: 0 });
    await books.expectSound();
  });
});
