import { expect } from 'chai';
import { addMember, openMerchant } from '../support/people.ts';
import { runServer, type Body, type RunningServer } from '../support/server.ts';
import { expectSound } from '../support/sound.ts';

const DAY = 24 * 3_600_000;

interface RuleBody extends Body {
  readonly ruleId: string;
  readonly version: number;
  readonly versions: readonly RuleBody[];
  readonly given: { readonly points: number; readonly times: number };
  readonly accrualId: string;
  readonly points: number;
  readonly linePoints: readonly number[];
  readonly decision: { readonly points: number; readonly rules: readonly { readonly verdict: string }[] };
}

describe('earning rules by API', () => {
  let server: RunningServer;
  let till: Awaited<ReturnType<typeof openMerchant>>;
  let memberId: string;
  let sales = 0;
  beforeEach(async () => {
    server = await runServer();
    till = await openMerchant(server);
    memberId = await addMember(server);
  });
  afterEach(async () => {
    await expectSound(server);
    await server.stop();
  });

  const add = async (definition: object, merchantId: string | null = till.merchantId, dates: object = {}) => {
    const body = { merchantId, name: 'Summer', definition, ...dates };
    return (await server.must('POST', '/v1/earning-rules', { token: server.operator, body })) as RuleBody;
  };
  const sell = async (sale: object, who = memberId) => {
    sales += 1;
    const body = { member: { memberId: who }, reference: `R${String(sales)}`, currency: 'EUR', ...sale };
    return server.ask('POST', '/v1/accruals', { token: till.token, body });
  };
  const points = async (sale: object, who = memberId) => ((await sell(sale, who)).body as RuleBody).points;
  const double = { gives: { kind: 'multiplier', percent: 200 } };

  it('fire at the till, and the sale keeps why', async () => {
    const { ruleId } = await add({ ...double, when: { products: ['tea'] } });
    const lines = [
      { product: 'tea', amountMinor: 1000 },
      { product: 'cup', category: 'ware', amountMinor: 500 },
    ];
    const sold = (await sell({ amountMinor: 1500, lines })).body as RuleBody;
    expect(sold.points).to.equal(25);
    const shown = await server.must('GET', `/v1/accruals/${sold.accrualId}`, { token: till.token });
    const untouched = { refundedMinor: 0, refundedPoints: 0 };
    expect(shown).to.deep.include({
      lines: [
        { line: 1, product: 'tea', category: null, amountMinor: 1000, points: 20, ...untouched },
        { line: 2, product: 'cup', category: 'ware', amountMinor: 500, points: 5, ...untouched },
      ],
      decision: {
        base: { points: 15, rate: { points: 1, perMinor: 100 } },
        rules: [{ ruleId, version: 1, name: 'Summer', gives: 'multiplier', verdict: 'fired', wanted: 10, points: 10 }],
        points: 25,
      },
    });
    const other = await openMerchant(server, 'Spa');
    const foreign = await server.ask('GET', `/v1/accruals/${sold.accrualId}`, { token: other.token });
    expect(foreign.status).to.equal(404);
  });

  it('refuse lines that do not add up', async () => {
    const reply = await sell({ amountMinor: 100, lines: [{ product: 'tea', amountMinor: 99 }] });
    expect(reply.body.code).to.equal('invalid_fields');
  });

  it('change for the future only, and are decided by when it was sold', async () => {
    const { ruleId } = await add(double);
    const start = server.clock.nowMs();
    server.clock.pass(DAY);
    const triple = { gives: { kind: 'multiplier', percent: 300 } };
    const path = `/v1/earning-rules/${ruleId}/versions`;
    const token = server.operator;
    const past = await server.ask('POST', path, { token, body: { definition: triple, startsAt: start } });
    expect(past.body.fields).to.have.property('/startsAt');
    const second = (await server.must('POST', path, { token, body: { definition: triple } })) as RuleBody;
    expect(second.version).to.equal(2);
    expect(await points({ amountMinor: 1000 })).to.equal(30);
    expect(await points({ amountMinor: 1000, soldAt: start })).to.equal(20);
    expect(await points({ amountMinor: 1000, soldAt: start - 1 })).to.equal(10);
    await server.must('POST', `/v1/earning-rules/${ruleId}/end`, { token, body: {} });
    expect(await points({ amountMinor: 1000 })).to.equal(10);
    const shown = (await server.must('GET', `/v1/earning-rules/${ruleId}`, { token })) as RuleBody;
    expect(shown.versions.map(({ version }) => version)).to.deep.equal([3, 2, 1]);
    const { items } = await server.must('GET', '/v1/earning-rules', { token: till.token });
    expect(items).to.have.length(1);
  });

  it('can be planned, and ended before they began', async () => {
    const startsAt = server.clock.nowMs() + DAY;
    const { ruleId } = await add(double, null, { startsAt });
    expect(await points({ amountMinor: 1000 })).to.equal(10);
    await server.must('POST', `/v1/earning-rules/${ruleId}/end`, { token: server.operator, body: {} });
    server.clock.pass(2 * DAY);
    expect(await points({ amountMinor: 1000 })).to.equal(10);
  });

  it('of the alliance fire at every merchant; a merchant’s own do not', async () => {
    await add(double, null);
    const other = await openMerchant(server, 'Spa');
    await add({ gives: { kind: 'bonus', points: 500 } }, other.merchantId);
    expect(await points({ amountMinor: 1000 })).to.equal(20);
  });

  it('know the first visit and the birthday', async () => {
    await add({ when: { firstVisit: true }, gives: { kind: 'bonus', points: 50 } });
    expect(await points({ amountMinor: 100 })).to.equal(51);
    expect(await points({ amountMinor: 100 })).to.equal(1);
    await add({ when: { birthday: 'day' }, gives: { kind: 'bonus', points: 7 } });
    expect(await points({ amountMinor: 100 })).to.equal(1);
    await server.must('PUT', `/v1/members/${memberId}/birthday`, {
      token: server.operator,
      body: { birthday: '01-01' },
    });
    expect(await points({ amountMinor: 100 })).to.equal(8);
    const wrong = await server.ask('PUT', `/v1/members/${memberId}/birthday`, {
      token: server.operator,
      body: { birthday: '02-30' },
    });
    expect(wrong.body.code).to.equal('invalid_fields');
  });

  it('keep a budget exactly, however many sell at once', async () => {
    const { ruleId } = await add({
      gives: { kind: 'bonus', points: 7 },
      caps: [{ per: 'budget', points: 100, beyond: 'truncate' }],
    });
    const members = await Promise.all([1, 2, 3, 4, 5].map((each) => addMember(server, `Member ${String(each)}`)));
    const given = await Promise.all(
      Array.from({ length: 40 }, (_, index) => points({ amountMinor: 0 }, members[index % 5])),
    );
    expect(given.reduce((sum, each) => sum + each, 0)).to.equal(100);
    const shown = (await server.must('GET', `/v1/earning-rules/${ruleId}`, { token: server.operator })) as RuleBody;
    expect(shown.given).to.deep.equal({ points: 100, times: 15 });
  });

  it('let a first visit be first once, however many tills sell at once', async () => {
    await add({ when: { firstVisit: true }, gives: { kind: 'bonus', points: 50 } });
    const given = await Promise.all(Array.from({ length: 20 }, () => points({ amountMinor: 0 })));
    expect(given.reduce((sum, each) => sum + each, 0)).to.equal(50);
  });

  it('refuse a sale beyond a limit, which changes nothing', async () => {
    await add({ gives: { kind: 'limit' }, caps: [{ per: 'member_day', points: 30, beyond: 'refuse' }] });
    expect(await points({ amountMinor: 2000 })).to.equal(20);
    const before = await server.dump('idempotency', 'jobs', 'throttles');
    const refused = await sell({ amountMinor: 2000 });
    expect(refused.body.code).to.equal('earning_limit_reached');
    expect(refused.body.facts).to.include({ cappedBy: 'member_day' });
    expect(await server.dump('idempotency', 'jobs', 'throttles')).to.equal(before);
    expect(await points({ amountMinor: 1000 })).to.equal(10);
  });

  it('give the operator’s points in a lot of its own', async () => {
    await add({ ...double, fundedBy: 'operator' }, null);
    await sell({ amountMinor: 1000 });
    const { db } = server.server.foundation.database;
    const lots = await db.selectFrom('point_lots').select(['issuer', 'points']).execute();
    // In no order: the engines disagree on where nothing stands.
    expect(lots).to.have.deep.members([
      { issuer: null, points: 10 },
      { issuer: till.merchantId, points: 10 },
    ]);
  });

  it('can be tried without any trace, drafts too', async () => {
    await add(double);
    const before = await server.dump('jobs');
    const sale = { member: { memberId }, amountMinor: 1000, currency: 'EUR' };
    const drafts = [{ name: 'Draft', definition: { gives: { kind: 'bonus', points: 3 } } }];
    const path = '/v1/accruals/dry-run';
    const ask = { token: server.operator, key: null, body: { merchantId: till.merchantId, sale, drafts } };
    const tried = (await server.must('POST', path, ask)) as RuleBody;
    expect(tried.decision.points).to.equal(23);
    expect(tried.decision.rules.map(({ verdict }) => verdict)).to.deep.equal(['fired', 'fired']);
    const clerk = await server.ask('POST', path, { ...ask, token: till.token });
    expect(clerk.body.code).to.equal('forbidden');
    expect(await server.must('POST', path, { token: till.token, body: { sale } })).to.deep.include({
      linePoints: [20],
    });
    expect(await server.dump('jobs')).to.equal(before);
  });

  it('take a queued sale for seven days, and none from the future', async () => {
    const now = server.clock.nowMs();
    expect((await sell({ amountMinor: 100, soldAt: now - 7 * DAY })).status).to.equal(201);
    for (const soldAt of [now - 7 * DAY - 1, now + DAY]) {
      expect((await sell({ amountMinor: 100, soldAt })).body.fields).to.have.property('/soldAt');
    }
  });

  it('refuse more points than anybody can have meant', async () => {
    const body = { rate: { points: 1_000_000, perMinor: 1 } };
    await server.must('PATCH', `/v1/merchants/${till.merchantId}`, { token: server.operator, body });
    expect((await sell({ amountMinor: 100_000_000 })).body.code).to.equal('earning_limit_reached');
  });
});

describe('accruals in batches', () => {
  let server: RunningServer;
  let till: Awaited<ReturnType<typeof openMerchant>>;
  let memberId: string;
  before(async () => {
    server = await runServer();
    till = await openMerchant(server);
    memberId = await addMember(server);
  });
  after(() => server.stop());

  interface Item {
    readonly ok: boolean;
    readonly reference: string;
    readonly repeated?: boolean;
    readonly accrualId?: string;
    readonly points?: number;
    readonly available?: number;
    readonly problem?: { readonly code: string };
  }
  const send = async (accruals: readonly object[]) => {
    const body = await server.must('POST', '/v1/accruals/batch', { token: till.token, key: null, body: { accruals } });
    return (body as unknown as { results: readonly Item[] }).results;
  };
  const sale = (reference: string, amountMinor = 1000) => ({
    member: { memberId },
    reference,
    amountMinor,
    currency: 'EUR',
  });

  it('answer each sale for itself, in order', async () => {
    const suspended = await addMember(server, 'Suspended One');
    const body = { state: 'suspended' };
    await server.must('POST', `/v1/members/${suspended}/state`, { token: server.operator, body });
    const results = await send([
      sale('B1'),
      { ...sale('B2'), currency: 'USD' },
      sale('B1', 5),
      { ...sale('B3'), member: { memberId: suspended } },
      sale('B1'),
      sale('B4', 500),
    ]);
    expect(results.map(({ reference }) => reference)).to.deep.equal(['B1', 'B2', 'B1', 'B3', 'B1', 'B4']);
    expect(results.map((each) => each.problem?.code ?? each.available)).to.deep.equal([
      10,
      'invalid_fields',
      'conflict',
      'member_suspended',
      10,
      15,
    ]);
    expect(results.map(({ repeated }) => repeated)).to.deep.equal([
      false,
      undefined,
      undefined,
      undefined,
      true,
      false,
    ]);
    expect(results[4]?.accrualId).to.equal(results[0]?.accrualId);
  });

  it('have one effect, however often they are sent', async () => {
    const all = Array.from({ length: 100 }, (_, index) => sale(`C${String(index)}`));
    const first = await send(all);
    const before = await server.dump('jobs');
    const [second, third] = await Promise.all([send(all), send(all)]);
    expect(await server.dump('jobs')).to.equal(before);
    for (const again of [second, third]) {
      expect(again.map(({ accrualId }) => accrualId)).to.deep.equal(first.map(({ accrualId }) => accrualId));
      expect(again.every(({ repeated }) => repeated)).to.equal(true);
    }
  });

  it('use up a scanned code only for a sale that is recorded', async () => {
    const { text } = await server.must('GET', `/v1/members/${memberId}/qr`, { token: server.operator });
    const byCode = (reference: string, amountMinor: number) => ({
      ...sale(reference, amountMinor),
      member: { qr: text },
    });
    const results = await send([byCode('C1', 77), byCode('D1', 100), byCode('D2', 100), byCode('D1', 100)]);
    expect(results.map((each) => each.problem?.code ?? each.repeated)).to.deep.equal([
      'conflict',
      false,
      'credential_refused',
      true,
    ]);
  });

  it('are at most a hundred', async () => {
    const all = Array.from({ length: 101 }, (_, index) => sale(`E${String(index)}`));
    const reply = await server.ask('POST', '/v1/accruals/batch', { token: till.token, body: { accruals: all } });
    expect(reply.body.code).to.equal('invalid_fields');
  });
});
