import { expect } from 'chai';
import { checkBooks } from '@tessera/server/features/check/index';
import { addMember, openMerchant } from '../support/people.ts';
import { runServer, type Body, type RunningServer } from '../support/server.ts';

type Explained = Body & {
  readonly parts: readonly { readonly points: number; readonly issuer: Body; readonly sale: Body }[];
  readonly transactions: readonly { readonly kind: string }[];
};

describe('points over HTTP', () => {
  let server: RunningServer;
  let till: Awaited<ReturnType<typeof openMerchant>>;
  let memberId: string;
  const tokens: string[] = [];
  beforeEach(async () => {
    server = await runServer();
    till = await openMerchant(server);
    memberId = await addMember(server);
    for (const reference of ['S-1', 'S-2']) {
      const sale = { member: { memberId }, points: 100, reference };
      await server.must('POST', '/v1/accruals', { token: till.token, body: sale });
      server.clock.pass(1000);
    }
    tokens.splice(0);
    for (const login of ['kim', 'lee']) {
      const person = { login, name: login, password: 'correct horse battery' };
      await server.must('POST', '/v1/admins', { token: server.operator, body: person });
      const body = { login, password: person.password };
      tokens.push((await server.must('POST', '/v1/admin/sessions', { body })).token);
    }
  });
  afterEach(async () => {
    const { checks } = await checkBooks(server.server.foundation.database.db, server.clock.nowMs());
    expect(checks.filter((check) => check.ok === false)).to.deep.equal([]);
    await server.stop();
  });

  const available = async (id = memberId) =>
    (
      (await server.must('GET', `/v1/members/${id}/balance`, { token: server.operator })) as unknown as {
        available: number;
      }
    ).available;

  it('explains a burn: lots, issuers, rules, sales, and every step', async () => {
    const body = { approval: { memberId, pin: '2468' }, points: 150, reference: 'P-1' };
    const payment = await server.must('POST', '/v1/payments', { token: till.token, body });
    const paymentId = (payment as unknown as { paymentId: string }).paymentId;
    await server.must('POST', `/v1/payments/${paymentId}/capture`, { token: till.token, body: {} });
    const refund = { points: 20, reason: 'cold' };
    await server.must('POST', `/v1/payments/${paymentId}/refunds`, { token: till.token, body: refund });
    const told = (await server.must('GET', `/v1/burns/${paymentId}`, { token: server.operator })) as Explained;
    expect(told).to.include({ purpose: 'payment', state: 'captured', captured: 150, returned: 20, owed: 0 });
    expect(told.parts.map((part) => [part.points, part.issuer, part.sale])).to.deep.equal([
      [100, { merchantId: till.merchantId, name: 'Bakery' }, told.parts[0]?.sale],
      [50, { merchantId: till.merchantId, name: 'Bakery' }, told.parts[1]?.sale],
    ]);
    expect(told.parts.map((part) => part.sale)).to.satisfy((sales: { reference: string }[]) =>
      sales.every((sale, index) => sale.reference === `S-${String(index + 1)}`),
    );
    expect(told.transactions.map((each) => each.kind)).to.deep.equal(['hold', 'capture', 'refund']);
    const unknown = await server.ask('GET', '/v1/burns/01JABCDEFGHJKMNPQRSTVWXYZ0', { token: server.operator });
    expect(unknown.status).to.equal(404);
  });

  it('moves points between members', async () => {
    const to = await addMember(server, 'Bo Li');
    const path = `/v1/members/${memberId}/transfers`;
    const move = (change: object) =>
      server.ask('POST', path, { token: server.operator, body: { to, points: 150, reason: 'family', ...change } });
    expect((await move({})).status).to.equal(201);
    expect([await available(), await available(to)]).to.deep.equal([50, 150]);
    expect((await move({})).body).to.deep.include({ code: 'insufficient_points', facts: { missing: 100 } });
    expect((await move({ to: memberId })).body.code).to.equal('invalid_fields');
    await server.must('POST', `/v1/members/${to}/state`, { token: server.operator, body: { state: 'suspended' } });
    expect((await move({ points: 1 })).body.code).to.equal('member_suspended');
    const { items } = await server.must('GET', `/v1/members/${to}/lots`, { token: server.operator });
    expect(items.map((lot) => (lot as unknown as { issuer: string }).issuer)).to.deep.equal([
      till.merchantId,
      till.merchantId,
    ]);
  });

  it('sets points right by two people, once', async () => {
    const [kim, lee] = tokens;
    const path = `/v1/members/${memberId}/point-adjustments`;
    const propose = async (points: number) => {
      const body = { points, reason: 'till was offline' };
      const proposed = await server.must('POST', path, { token: kim ?? '', body });
      return `${path}/${(proposed as unknown as { adjustmentId: string }).adjustmentId}`;
    };
    const ask = (one: string, what: string, token = '') => server.ask('POST', `${one}/${what}`, { token, body: {} });
    const give = await propose(40);
    expect(await available()).to.equal(200);
    expect((await ask(give, 'confirmation', kim)).body.code).to.equal('second_person_required');
    expect((await ask(give, 'confirmation', server.operator)).body.code).to.equal('second_person_required');
    expect((await ask(give, 'confirmation', lee)).body.state).to.equal('confirmed');
    expect((await ask(give, 'confirmation', lee)).body.code).to.equal('already_resolved');
    expect(await available()).to.equal(240);
    const take = await propose(-241);
    expect((await ask(take, 'confirmation', lee)).body).to.deep.include({ facts: { missing: 1 } });
    expect((await ask(take, 'withdrawal', lee)).body.state).to.equal('withdrawn');
    expect((await ask(take, 'confirmation', lee)).body.code).to.equal('already_resolved');
    expect((await ask(await propose(-40), 'confirmation', lee)).body.state).to.equal('confirmed');
    expect(await available()).to.equal(200);
    const { items } = await server.must('GET', '/v1/point-adjustments?state=confirmed', { token: kim ?? '' });
    expect(items).to.have.length(2);
  });

  it('lets only the issuer or staff make pending points available', async () => {
    const { ledger, foundation } = server.server;
    const earned = await foundation.commands.run({
      name: 'test',
      actor: 'admin:a',
      work: async (tx) => {
        const lot = { memberId, issuer: till.merchantId, rule: 'test', points: 30, expiresAt: null, reason: 'sale' };
        return { ok: true, value: await ledger.earn(tx, { ...lot, pending: { event: 'delivered:1' } }) };
      },
    });
    expect(earned.ok).to.equal(true);
    const other = await openMerchant(server, 'Salon');
    const vest = (token: string) => server.must('POST', '/v1/vestings', { token, body: { event: 'delivered:1' } });
    expect(await vest(other.token)).to.deep.equal({ lots: 0, points: 0, more: false });
    expect(await vest(till.token)).to.deep.equal({ lots: 1, points: 30, more: false });
    expect(await available()).to.equal(230);
  });
});
