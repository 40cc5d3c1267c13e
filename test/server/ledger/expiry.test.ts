import { lifeOf } from '@tessera/server/features/ledger/index';
import { warnOfExpiry } from '@tessera/server/features/ledger/warnings';
import { wordsOf } from '@tessera/server/features/messages/words';
import { expect } from 'chai';
import { openBooks, type Books } from '../support/ledger.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const at = Date.UTC(2026, 11, 31, 20);

describe('rules of expiry', () => {
  it('know never, days, and days without activity', () => {
    expect(lifeOf({ kind: 'never' }, at)).to.deep.equal({ expiresAt: null });
    expect(lifeOf({ kind: 'rolling', days: 365 }, at)).to.deep.equal({ expiresAt: at + 365 * DAY });
    expect(lifeOf({ kind: 'inactivity', days: 10 }, at)).to.deep.equal({ expiresAt: null, idleMs: 10 * DAY });
  });

  const years = [
    // Already the next year in Shanghai, still the old one in New York.
    { timeZone: 'UTC', years: 1, expires: '2028-01-01T00:00:00Z' },
    { timeZone: 'Asia/Shanghai', years: 1, expires: '2028-12-31T16:00:00Z' },
    { timeZone: 'America/New_York', years: 1, expires: '2028-01-01T05:00:00Z' },
    { timeZone: 'Europe/Berlin', years: 0, expires: '2026-12-31T23:00:00Z' },
    // Summer time is at New Year there.
    { timeZone: 'Australia/Sydney', years: 0, expires: '2027-12-31T13:00:00Z' },
  ] as const;
  for (const { timeZone, years: count, expires } of years) {
    it(`ends with the year, ${String(count)} later, as the clocks of ${timeZone} have it`, () => {
      const { expiresAt } = lifeOf({ kind: 'calendar', years: count, timeZone }, at);
      expect(new Date(expiresAt ?? 0).toISOString()).to.equal(expires.replace('Z', '.000Z'));
    });
  }
});

describe('expiry', () => {
  let books: Books;
  let ana: string;
  beforeEach(async () => {
    books = await openBooks();
    [ana] = books.members;
  });
  afterEach(() => books.close());

  const expire = () => books.run((tx) => books.ledger.expire(tx, 100));

  it('ends what is left of a lot, pending or not, and no more', async () => {
    const expiresAt = books.time.nowMs() + DAY;
    await books.earn(ana, 10, { expiresAt });
    await books.earn(ana, 20, { expiresAt, pending: { event: 'never comes' } });
    await books.earn(ana, 40, { expiresAt: expiresAt + DAY });
    await books.time.pass(DAY);
    expect(await expire()).to.equal(2);
    expect(await expire()).to.equal(0);
    expect(await books.balances(ana)).to.deep.equal({ pending: 0, available: 40, held: 0, debt: 0 });
    await books.expectSound();
  });

  it('keeps points alive that live on activity: earning and spending are activity', async () => {
    await books.earn(ana, 10, { idleMs: 10 * DAY });
    const holdAll = () =>
      books.run((tx) => {
        const key = { holdId: books.newId(), memberId: ana };
        return books.ledger.hold(tx, { ...key, points: 1, purpose: 'payment', beneficiary: null });
      });
    await books.time.pass(9 * DAY);
    await books.earn(ana, 5);
    await books.time.pass(9 * DAY);
    expect((await holdAll()).ok).to.equal(true);
    await books.time.pass(9 * DAY);
    expect(await expire()).to.equal(0);
    await books.time.pass(DAY + HOUR);
    expect(await expire()).to.equal(1);
    expect((await books.balances(ana)).available).to.equal(5);
    await books.expectSound();
  });
});

describe('the warning of expiry', () => {
  it('tells a member once, so long before, and again where activity had given more time', async () => {
    const books = await openBooks();
    const [ana, bo] = books.members;
    const start = books.time.nowMs();
    await books.earn(ana, 70, { expiresAt: start + 10 * DAY });
    await books.earn(ana, 30, { expiresAt: start + 10 * DAY });
    await books.earn(ana, 40, { expiresAt: start + 10 * DAY, pending: { event: 'delivered' } });
    await books.earn(bo, 5, { expiresAt: null, idleMs: 12 * DAY });
    const warn = async () => {
      await books.run((tx) => warnOfExpiry(tx, 3 * DAY, 100));
      const rows = await books.db.selectFrom('outbox').select('payload').orderBy('outbox_id').execute();
      return rows.map((row) => JSON.parse(row.payload) as unknown);
    };
    await books.time.pass(6 * DAY);
    expect(await warn()).to.deep.equal([]);
    await books.time.pass(DAY);
    const ofAna = { memberId: ana, kind: 'points_expiring', facts: { points: 100, expiresAt: start + 10 * DAY } };
    expect(await warn()).to.deep.equal([ofAna]);
    expect(await warn()).to.have.length(1);
    await books.time.pass(2 * DAY + HOUR);
    expect(await warn()).to.have.length(2);
    // Bo comes back, and would otherwise have lost them in three days.
    await books.earn(bo, 1);
    await books.time.pass(5 * DAY);
    expect(await warn()).to.have.length(2);
    await books.time.pass(5 * DAY);
    expect(await warn()).to.have.length(3);
    await books.close();
  });

  it('says it in the reader’s language', () => {
    for (const language of ['en', 'zh', 'ar'] as const)
      expect(wordsOf('points_expiring', language, { points: 1200, expiresAt: at }).body).to.contain('2026-12-31');
  });
});
