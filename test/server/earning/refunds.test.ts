import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { addMember, openMerchant } from '../support/people.ts';
import { runServer, type Body, type RunningServer } from '../support/server.ts';
import { expectSound } from '../support/sound.ts';

interface Sale extends Body {
  readonly accrualId: string;
  readonly points: number;
  readonly refundedMinor: number;
  readonly refundedPoints: number;
  readonly lines: readonly { readonly refundedMinor: number; readonly refundedPoints: number }[];
  readonly refunds: readonly { readonly reference: string }[];
}

describe('goods that come back', () => {
  let server: RunningServer;
  let till: Awaited<ReturnType<typeof openMerchant>>;
  let memberId: string;
  beforeEach(async () => {
    server = await runServer();
    till = await openMerchant(server);
    memberId = await addMember(server);
  });
  afterEach(async () => {
    await expectSound(server);
    await server.stop();
  });

  const sell = async (sale: object) => {
    const body = { member: { memberId }, reference: randomUUID(), ...sale };
    return (await server.must('POST', '/v1/accruals', { token: till.token, body })) as Sale;
  };
  const giveBack = ({ accrualId }: Sale, goods: unknown, change: object = {}) => {
    const body = { reference: randomUUID(), reason: 'Did not fit', goods, ...change };
    return server.ask('POST', `/v1/accruals/${accrualId}/refunds`, { token: till.token, body });
  };
  const show = async ({ accrualId }: Sale) =>
    (await server.must('GET', `/v1/accruals/${accrualId}`, { token: till.token })) as Sale;
  const balance = () => server.must('GET', `/v1/members/${memberId}/balance`, { token: server.operator });

  it('take their points with them, line by line, and all is all', async () => {
    const lines = [
      { product: 'tea', amountMinor: 1050 },
      { product: 'cup', amountMinor: 450 },
    ];
    const sale = await sell({ amountMinor: 1500, currency: 'EUR', lines });
    const first = await giveBack(sale, { lines: [{ line: 2, amountMinor: 450 }] });
    expect(first.body).to.deep.include({ points: 5, fromAvailable: 5, owed: 0, amountMinor: 450 });
    expect((await giveBack(sale, { lines: [{ line: 2, amountMinor: 1 }] })).body.code).to.equal('conflict');
    expect((await giveBack(sale, { lines: [{ line: 3, amountMinor: 1 }] })).body.code).to.equal('invalid_fields');
    expect((await giveBack(sale, { amountMinor: 1 })).body.code).to.equal('invalid_fields');
    await giveBack(sale, { lines: [{ line: 1, amountMinor: 525 }] });
    expect((await giveBack(sale, 'all')).body).to.include({ points: 5, amountMinor: 525 });
    expect((await giveBack(sale, 'all')).body.code).to.equal('conflict');
    const shown = await show(sale);
    expect(shown).to.include({ refundedMinor: 1500, refundedPoints: 15 });
    expect(shown.lines.map(({ refundedPoints }) => refundedPoints)).to.deep.equal([10, 5]);
    expect(shown.refunds).to.have.length(3);
    expect(await balance()).to.include({ available: 0, debt: 0 });
    const { items } = await server.must('GET', `/v1/members/${memberId}/merchants`, { token: server.operator });
    expect(items[0]).to.include({ spendMinor: 0, points: 0, visits: 1 });
  });

  it('are owed where the points are gone, and later earnings pay', async () => {
    const sale = await sell({ points: 100 });
    const to = await addMember(server, 'Kim Lee');
    const body = { to, points: 90, reason: 'A gift' };
    await server.must('POST', `/v1/members/${memberId}/transfers`, { token: server.operator, body });
    expect((await giveBack(sale, { points: 60 })).body).to.include({ points: 60, fromAvailable: 10, owed: 50 });
    expect((await giveBack(sale, { points: 41 })).body.code).to.equal('conflict');
    expect(await balance()).to.include({ available: 0, debt: 50 });
    await sell({ points: 70 });
    expect(await balance()).to.include({ available: 20, debt: 0 });
  });

  it('take pending points first', async () => {
    const gives = { kind: 'bonus', points: 50 };
    const body = { merchantId: till.merchantId, name: 'Later', definition: { gives, pending: { days: 14 } } };
    await server.must('POST', '/v1/earning-rules', { token: server.operator, body });
    const sale = await sell({ amountMinor: 1000, currency: 'EUR' });
    expect(await balance()).to.include({ pending: 50, available: 10 });
    const back = await giveBack(sale, { amountMinor: 900 });
    expect(back.body).to.include({ points: 54, fromPending: 50, fromAvailable: 4 });
  });

  it('go back to the operator where those were the operator’s points', async () => {
    const definition = { gives: { kind: 'multiplier', percent: 200 }, fundedBy: 'operator' };
    const body = { merchantId: null, name: 'Double', definition };
    await server.must('POST', '/v1/earning-rules', { token: server.operator, body });
    const sale = await sell({ amountMinor: 1000, currency: 'EUR' });
    expect(sale.points).to.equal(20);
    expect((await giveBack(sale, { amountMinor: 500 })).body).to.include({ points: 10 });
    expect((await giveBack(sale, 'all')).body).to.include({ points: 10 });
    expect(await balance()).to.include({ available: 0 });
  });

  it('come back once, however often it is said, and to their own shop', async () => {
    const sale = await sell({ amountMinor: 1000, currency: 'EUR' });
    const reference = 'R-1';
    const all = await Promise.all(
      Array.from({ length: 10 }, () => giveBack(sale, { amountMinor: 600 }, { reference })),
    );
    expect(all.map(({ status }) => status).sort()).to.deep.equal([201, ...Array.from({ length: 9 }, () => 409)]);
    expect((await show(sale)).refundedPoints).to.equal(6);
    const other = await openMerchant(server, 'Spa');
    const path = `/v1/accruals/${sale.accrualId}/refunds`;
    const foreign = { token: other.token, body: { reference: 'x', reason: 'y', goods: 'all' } };
    expect((await server.ask('POST', path, foreign)).status).to.equal(404);
    expect((await server.ask('POST', path, { ...foreign, token: server.operator })).status).to.equal(201);
  });
});
