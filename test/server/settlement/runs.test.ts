import { expect } from 'chai';
import { moneyOf } from '../clearing/support/money.ts';
import { netOf, Town } from './support.ts';

describe('settlement runs', function () {
  this.timeout(60_000);
  let town: Town;
  beforeEach(async () => {
    town = await Town.open();
  });
  afterEach(() => town.server.stop());

  it('go one step after the other, by two people, and refuse every shortcut', async () => {
    await town.sale(town.a, 1_000);
    const { runId } = await town.must('POST', '/v1/settlement-runs');
    const step = (what: string, token = town.server.operator) =>
      town.server.ask('POST', `/v1/settlement-runs/${runId}/${what}`, {
        token,
        body: what === 'cutoff' ? {} : undefined,
      });
    const state = async () => (await town.run(runId)).state;
    expect((await town.ask('POST', '/v1/settlement-runs')).body).to.deep.include({ code: 'conflict' });
    for (const early of ['approval', 'posting']) expect((await step(early, town.person)).status).to.equal(409);
    expect((await step('cutoff')).status).to.equal(202);
    while ((await state()) === 'cutoff') await new Promise((resolve) => setImmediate(resolve));
    expect(await state()).to.equal('calculated');
    expect((await step('posting')).status).to.equal(409);
    expect((await step('approval')).body.code).to.equal('second_person_required');
    expect((await step('approval', town.person)).status).to.equal(200);
    expect((await step('cutoff')).status).to.equal(409);
    expect((await step('posting')).status).to.equal(200);
    expect((await step('posting')).body.facts).to.deep.equal({ state: 'posted', why: 'posted_is_final' });
    await town.expectSound();
  });

  it('claim every line once: what comes late is in the next one, at the rate of its sale', async () => {
    const sale = (await town.sale(town.a, 1_000)) as unknown as { accrualId: string };
    const first = await town.calculate();
    await town.sale(town.a, 500);
    await town.agree({ action: 'set_rate', party: '*', currency: 'EUR', faceMicro: 1, issueMicro: 2, redeemMicro: 1 });
    await town.post(first.runId);
    expect(netOf(await town.run(first.runId), town.a.merchantId)).to.include({ lines: 1, netMinor: -1_200 });
    const clawback = { memberId: town.memberId, accrualId: sale.accrualId, issuer: town.a.merchantId };
    const done = await town.server.server.foundation.commands.run({
      name: 'test',
      actor: 'cli',
      work: async (tx) => ({
        ok: true as const,
        value: await town.server.server.ledger.clawback(tx, { ...clawback, points: 250, reason: 'refund' }),
      }),
    });
    expect(done.ok).to.equal(true);
    const second = await town.settle();
    expect(netOf(second, town.a.merchantId)).to.include({ lines: 2, netMinor: -600 + 300 });
    await town.expectSound();
    expect((await town.calculate()).nets).to.deep.equal([]);
  });

  it('take prepaid money first and keep a reserve back of what they pay out', async () => {
    const { a, b } = town;
    await town.agree({ action: 'set_terms', party: b.merchantId, reservePpm: 100_000, reserveCapMinor: 60 });
    await town.must('POST', `/v1/clearing/parties/${a.merchantId}/prepayments`, {
      amountMinor: 1_000,
      reference: 'p1',
    });
    const again = { amountMinor: 1_000, reference: 'p1' };
    const repeat = await town.ask('POST', `/v1/clearing/parties/${a.merchantId}/prepayments`, again);
    expect(repeat.body.code).to.equal('conflict');
    await town.sale(a, 2_000);
    await town.pay(b, 400);
    const run = await town.settle();
    expect(netOf(run, a.merchantId)).to.include({ netMinor: -2_400, prepaidMinor: 1_000, payableMinor: -1_400 });
    expect(netOf(run, b.merchantId)).to.include({ netMinor: 380, reserveMinor: 38, payableMinor: 342 });
    await town.pay(b, 500);
    const next = await town.settle();
    expect(netOf(next, b.merchantId)).to.include({ netMinor: 475, reserveMinor: 22, payableMinor: 453 });
    expect(await moneyOf(town.server)).to.include({ [`reserve ${b.merchantId} EUR`]: 60 });
    await town.expectSound();
  });

  it('are paid in parts, never more than is open, and a reference counts once', async () => {
    const { a, b } = town;
    await town.sale(a, 1_000);
    await town.pay(b, 100);
    const { runId } = await town.settle();
    expect((await town.payment(runId, a.merchantId, 1_200, 'x')).body.facts).to.deep.equal({ openMinor: -1_200 });
    expect((await town.payment(runId, a.merchantId, -1_201, 'x')).status).to.equal(409);
    expect((await town.payment(runId, a.merchantId, -700, 'x')).status).to.equal(201);
    expect((await town.run(runId)).state).to.equal('partially_paid');
    expect((await town.payment(runId, a.merchantId, -500, 'x')).body.code).to.equal('conflict');
    expect((await town.payment(runId, a.merchantId, -500, 'y')).status).to.equal(201);
    expect((await town.payment(runId, b.merchantId, 95, 'z')).status).to.equal(201);
    expect((await town.run(runId)).state).to.equal('paid');
    await town.expectSound();
  });

  it('end with a default: the reserve pays what it can, the alliance the rest, and the merchant issues no more', async () => {
    const { a, b } = town;
    await town.agree({ action: 'set_terms', party: b.merchantId, reservePpm: 1_000_000, reserveCapMinor: 50 });
    await town.sale(a, 1_000);
    await town.pay(b, 200);
    const first = await town.settle();
    expect((await town.payment(first.runId, b.merchantId, 140, 'out')).status).to.equal(201);
    await town.sale(b, 1_000);
    const { runId } = await town.settle();
    await town.agree({ action: 'default', runId, party: b.merchantId, currency: 'EUR' });
    expect((await town.run(runId)).state).to.equal('defaulted');
    const money = await moneyOf(town.server);
    expect(money).to.include({ 'default_loss operator EUR': -1_150 });
    expect(money[`reserve ${b.merchantId} EUR`]).to.equal(undefined);
    expect((await town.trySale(b, 10)).body.code).to.equal('issuing_suspended');
    await town.expectSound();
  });

  it('give a merchant that has left its prepaid money and reserve, once its unpaid points are paid for', async () => {
    const { a, b } = town;
    const rate = { action: 'set_rate', party: b.merchantId, currency: 'EUR', basis: 'on_redeem' };
    await town.agree({ ...rate, faceMicro: 1_000_000, issueMicro: 1_100_000, redeemMicro: 900_000 });
    await town.must('POST', `/v1/clearing/parties/${b.merchantId}/prepayments`, { amountMinor: 5_000, reference: 'p' });
    await town.sale(b, 1_000);
    await town.pay(a, 300);
    expect(await moneyOf(town.server)).to.include({ [`merchant:clearing ${b.merchantId} EUR`]: -330 });
    const early = { action: 'wind_down', party: b.merchantId, reason: 'it leaves' };
    expect((await town.ask('POST', '/v1/money-proposals', early)).body.code).to.equal('conflict');
    await town.must('POST', `/v1/merchants/${b.merchantId}/state`, { state: 'left' });
    await town.agree(early);
    expect(await moneyOf(town.server)).to.include({ [`points_fund ${b.merchantId} EUR`]: 700 });
    await town.expectSound();
    const run = await town.settle();
    expect(netOf(run, b.merchantId)).to.include({ netMinor: -330 - 770, prepaidMinor: 5_000, payableMinor: 3_900 });
    await town.pay(a, 700);
    expect((await moneyOf(town.server))[`points_fund ${b.merchantId} EUR`]).to.equal(undefined);
    await town.expectSound();
  });
});

describe('limits of what a merchant may owe', function () {
  this.timeout(60_000);
  let town: Town;
  beforeEach(async () => {
    town = await Town.open();
  });
  afterEach(() => town.server.stop());

  it('suspend issuing by themselves, and lift it when there is room again', async () => {
    const { a } = town;
    await town.agree({ action: 'set_terms', party: a.merchantId, creditLimitMinor: 1_000 });
    await town.sale(a, 900);
    await town.agree({ action: 'charge', party: a.merchantId, amountMinor: 1 });
    const position = (await town.must('GET', `/v1/clearing/parties/${a.merchantId}`)) as unknown as {
      headroomMinor: number;
      issuingSuspendedAt: number | null;
    };
    expect(position).to.include({ headroomMinor: -81 });
    expect(position.issuingSuspendedAt).to.be.a('number');
    expect((await town.trySale(a, 10)).body.code).to.equal('issuing_suspended');
    const { runId } = await town.settle();
    expect((await town.trySale(a, 10)).body.code).to.equal('issuing_suspended');
    await town.payment(runId, a.merchantId, -1_081, 'bank');
    expect((await town.trySale(a, 10)).status).to.equal(201);
  });

  it('let a prepaid merchant issue as far as it has paid ahead', async () => {
    const { a } = town;
    await town.agree({ action: 'set_terms', party: a.merchantId, creditLimitMinor: 0 });
    expect((await town.trySale(a, 10)).body.code).to.equal('issuing_suspended');
    await town.must('POST', `/v1/clearing/parties/${a.merchantId}/prepayments`, { amountMinor: 120, reference: 'p' });
    expect((await town.trySale(a, 100)).status).to.equal(201);
    await town.must('POST', `/v1/clearing/parties/${a.merchantId}/prepayments`, { amountMinor: 1, reference: 'q' });
    expect(await town.must('GET', `/v1/clearing/parties/${a.merchantId}`)).to.include({
      headroomMinor: 1,
      issuingSuspendedAt: null,
    });
  });
});
