import { expect } from 'chai';
import { Club } from './club.ts';

const DAY_MS = 86_400_000;

describe('a member’s tier', () => {
  let club: Club;
  beforeEach(async () => {
    club = await Club.open();
  });
  afterEach(async () => {
    try {
      await club.expectSound();
    } finally {
      await club.server.stop();
    }
  });

  it('rises at once when its points are reached, and the member is told', async () => {
    await club.publish();
    await club.buy(99);
    expect(await club.standing()).to.deep.include({ tier: null, ladder: 1, points: 99 });
    expect((await club.standing()).next).to.deep.include({ code: 'silver', points: 1, days: 0 });
    const { accrualId } = await club.buy(1);
    expect(await club.standing()).to.deep.include({ points: 100, graceUntil: null, missing: 0 });
    expect(await club.code()).to.equal('silver');
    await club.buy(400);
    expect(await club.code()).to.equal('gold');
    expect((await club.standing()).next).to.equal(null);
    expect(await club.told()).to.deep.equal(['raised silver: sale', 'raised gold: sale']);
    expect((await club.changes())[0]).to.deep.include({
      from: null,
      to: 'silver',
      accrualId,
      by: `terminal:${club.till.terminalId}`,
    });
    const audit = await club.server.server.foundation.database.db
      .selectFrom('audit')
      .select(['action', 'facts'])
      .where('subject', '=', `member:${club.memberId}`)
      .where('action', '=', 'tier.raised')
      .orderBy('seq')
      .execute();
    expect(audit.map(({ facts }) => (JSON.parse(facts) as { to: string }).to)).to.deep.equal(['silver', 'gold']);
  });

  it('counts what was bought, not what multipliers and bonuses add to it', async () => {
    await club.publish();
    const token = club.server.operator;
    const add = (definition: object) =>
      club.server.must('POST', '/v1/earning-rules', { token, body: { merchantId: null, name: 'R', definition } });
    await add({ gives: { kind: 'multiplier', percent: 300 } });
    await add({ gives: { kind: 'bonus', points: 1000 } });
    await add({ gives: { kind: 'rate', points: 2, perMinor: 100 }, when: { products: ['tea'] } });
    const lines = [
      { product: 'tea', amountMinor: 1000 },
      { product: 'cup', amountMinor: 500 },
    ];
    const sold = await club.buy(15, { lines });
    expect(sold.points).to.equal(25 * 3 + 1000);
    expect((await club.standing()).points).to.equal(25);
    const shown = await club.server.must('GET', `/v1/accruals/${sold.accrualId}`, { token });
    expect(shown).to.include({ qualifyingPoints: 25 });
  });

  it('counts a sale on the day on which it was sold', async () => {
    await club.publish();
    await club.pass(31);
    await club.buy(60, { soldAt: club.server.clock.nowMs() - 6 * DAY_MS });
    await club.pass(24);
    expect((await club.standing()).points).to.equal(0);
  });

  it('gives qualifying points back with the goods, in any pieces, on the day of the sale', async () => {
    await club.publish();
    await club.server.must('POST', '/v1/earning-rules', {
      token: club.server.operator,
      body: { merchantId: null, name: 'R', definition: { gives: { kind: 'multiplier', percent: 150 } } },
    });
    const { accrualId } = await club.buy(101);
    expect(await club.code()).to.equal('silver');
    await club.giveBack(accrualId, { amountMinor: 3333 });
    expect(await club.standing()).to.include({ graceUntil: '2026-01-10' });
    await club.giveBack(accrualId, { amountMinor: 3333 });
    await club.expectSound();
    await club.giveBack(accrualId);
    expect((await club.standing()).points).to.equal(0);
    expect(await club.told()).to.deep.equal(['raised silver: sale', 'grace silver: refund']);
    await club.pass(10);
    expect(await club.told()).to.deep.equal(['raised silver: sale', 'grace silver: refund', 'lowered null: time']);
  });

  it('is not touched by what is spent, held or given away', async () => {
    await club.publish();
    await club.buy(150);
    const { token } = club.till;
    const approval = { memberId: club.memberId, pin: '2468' };
    const pay = (points: number, reference: string) =>
      club.server.must('POST', '/v1/payments', { token, body: { approval, points, reference } });
    await pay(20, 'P1');
    const { paymentId } = (await pay(100, 'P2')) as unknown as { paymentId: string };
    await club.server.must('POST', `/v1/payments/${paymentId}/capture`, { token, body: {} });
    expect(await club.standing()).to.deep.include({ points: 150, graceUntil: null });
    expect(await club.code()).to.equal('silver');
  });

  it('is kept for the grace when time takes the points, and falls when it is over', async () => {
    await club.publish();
    await club.buy(100);
    await club.pass(5);
    await club.buy(200);
    expect(await club.code()).to.equal('gold');
    await club.pass(24);
    expect(await club.standing()).to.include({ points: 300, graceUntil: null });
    await club.pass(1);
    expect(await club.standing()).to.include({ points: 200, graceUntil: '2026-02-09', missing: 100 });
    await club.pass(9);
    expect(await club.code()).to.equal('gold');
    await club.pass(1);
    expect(await club.code()).to.equal(null);
    expect(await club.told()).to.deep.equal([
      'raised silver: sale',
      'raised gold: sale',
      'grace gold: time',
      'lowered null: time',
    ]);
  });

  it('is kept for good where the points come back within the grace', async () => {
    await club.publish();
    await club.buy(100);
    await club.pass(30);
    await club.buy(100);
    expect(await club.standing()).to.include({ points: 100, graceUntil: null });
    expect((await club.told()).slice(1)).to.deep.equal(['grace silver: time', 'kept silver: sale']);
    const pages = [(await club.changes('?limit=1'))[0]?.kind, (await club.changes('?limit=2'))[0]?.kind];
    expect(pages).to.deep.equal(['kept', 'grace']);
  });

  it('counts sales from before there were tiers, as far back as the span looks', async () => {
    await club.buy(500);
    await club.pass(20);
    await club.buy(120);
    const back = await club.buy(50);
    await club.giveBack(back.accrualId, { amountMinor: 2500 });
    await club.pass(11);
    await club.publish();
    expect(await club.standing()).to.include({ points: 145 });
    expect(await club.told()).to.deep.equal(['raised silver: ladder']);
    await club.giveBack(back.accrualId);
    expect(await club.standing()).to.include({ points: 120 });
  });

  it('reads what qualified out of the decision, where a sale was recorded by an older release', async () => {
    await club.buy(130);
    const { db } = club.server.server.foundation.database;
    await db.updateTable('accruals').set({ qualifying_points: null }).execute();
    await club.publish();
    expect(await club.standing()).to.include({ points: 130 });
  });

  it('counts them with the next sale too, where that comes before the job', async () => {
    await club.buy(90);
    const startsAt = club.server.clock.nowMs() + 1;
    await club.publish({ startsAt });
    expect(await club.standing()).to.deep.include({ tier: null, ladder: null, countsFrom: null });
    club.server.clock.pass(1);
    await club.buy(10);
    expect(await club.told()).to.deep.equal(['raised silver: sale']);
  });

  it('follows the ladder from version to version', async () => {
    await club.publish();
    await club.buy(120);
    const [silver, gold] = [
      { code: 'silver', name: { zh: 'S', en: 'S', ar: 'S' }, points: 200 },
      { code: 'blue', name: { zh: 'B', en: 'B', ar: 'B' }, points: 300 },
    ];
    await club.publish({ tiers: [silver, gold] });
    expect(await club.standing()).to.include({ ladder: 2, graceUntil: '2026-01-10', missing: 80 });
    await club.buy(200);
    expect(await club.code()).to.equal('blue');
    await club.publish();
    expect(await club.code()).to.equal('gold');
    await club.publish({ tiers: [] });
    expect(await club.code()).to.equal(null);
    await club.buy(1000);
    await club.publish({ span: { kind: 'year' } });
    expect(await club.standing()).to.include({ points: 1320, ladder: 5, countsFrom: '2026-01-01' });
    expect(await club.told()).to.deep.equal([
      'raised silver: sale',
      'grace silver: ladder',
      'raised blue: sale',
      'moved gold: ladder',
      'moved null: ladder',
      'raised gold: ladder',
    ]);
  });

  it('may come by age alone, without any sale', async () => {
    const tiers = [{ code: 'friend', name: { zh: '友', en: 'Friend', ar: 'صديق' }, memberDays: 30 }];
    await club.publish({ tiers });
    expect((await club.standing()).next).to.include({ code: 'friend', points: 0, days: 30 });
    await club.pass(30);
    expect(await club.told()).to.deep.equal(['raised friend: time']);
  });

  it('makes rules fire that name it', async () => {
    await club.publish();
    const definition = { gives: { kind: 'multiplier', percent: 200 }, when: { tiers: ['silver', 'gold'] } };
    const body = { merchantId: null, name: 'Double for silver', definition };
    await club.server.must('POST', '/v1/earning-rules', { token: club.server.operator, body });
    expect((await club.buy(100)).points).to.equal(100);
    expect((await club.buy(10)).points).to.equal(20);
  });
});
