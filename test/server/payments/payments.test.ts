import { expect } from 'chai';
import fc from 'fast-check';
import { shared } from '@tessera/server/features/payments/lines';
import { checkBooks } from '@tessera/server/features/check/index';
import { addMember, openMerchant } from '../support/people.ts';
import { runServer, type Body, type RunningServer } from '../support/server.ts';

const MINUTE = 60_000;

type Payment = Body & {
  readonly paymentId: string;
  readonly points: number;
  readonly captured: number;
  readonly returned: number;
  readonly lines: readonly { readonly line: string; readonly points: number }[];
  readonly refunds: readonly Body[];
};

describe('points as payment', () => {
  let server: RunningServer;
  let till: Awaited<ReturnType<typeof openMerchant>>;
  let memberId: string;
  beforeEach(async () => {
    server = await runServer();
    till = await openMerchant(server);
    memberId = await addMember(server);
    const sale = { member: { memberId }, points: 1000, reference: 'earned' };
    await server.must('POST', '/v1/accruals', { token: till.token, body: sale });
  });
  afterEach(async () => {
    const { db } = server.server.foundation.database;
    const { checks } = await checkBooks(db, server.clock.nowMs());
    expect(checks.filter((check) => check.ok === false)).to.deep.equal([]);
    await server.stop();
  });

  const balance = () => server.must('GET', `/v1/members/${memberId}/balance`, { token: server.operator });
  const pin = () => ({ memberId, pin: '2468' });
  const hold = (points: number, reference: string, approval: object = pin(), token = till.token) =>
    server.ask('POST', '/v1/payments', { token, body: { approval, points, reference } });
  const held = async (points: number, reference: string): Promise<string> =>
    ((await hold(points, reference)).body as Payment).paymentId;
  const act = (paymentId: string, what: string, body: object = {}, token = till.token) =>
    server.ask('POST', `/v1/payments/${paymentId}/${what}`, { token, body });

  it('holds with the member’s code or PIN, takes a part, and frees the rest', async () => {
    const { text } = await server.must('GET', `/v1/members/${memberId}/qr`, { token: server.operator });
    const first = await hold(300, 'P-1', { qr: text });
    expect(first.body).to.include({ state: 'held', points: 300, approvedBy: 'qr', worth: null });
    expect(await balance()).to.include({ available: 700, held: 300 });
    expect((await hold(300, 'P-2', { qr: text })).body.code).to.equal('credential_refused');
    const captured = await act((first.body as Payment).paymentId, 'capture', { points: 120 });
    expect(captured.body).to.include({ state: 'captured', captured: 120 });
    expect(await balance()).to.include({ available: 880, held: 0 });
    expect((await act((first.body as Payment).paymentId, 'capture', {})).status).to.equal(409);
    const messages = await server.must('GET', `/v1/messages?memberId=${memberId}`, { token: server.operator });
    expect(messages.items.map((message) => (message as Body & { kind: string }).kind)).to.include('payment_captured');
  });

  it('refuses what is not there, a second use of a reference, and more than is held', async () => {
    expect((await hold(1001, 'P-1')).body).to.deep.include({ code: 'insufficient_points', facts: { missing: 1 } });
    const paymentId = await held(100, 'P-1');
    expect((await hold(100, 'P-1')).body.code).to.equal('conflict');
    expect((await act(paymentId, 'capture', { points: 101 })).body.fields).to.have.property('/points');
    expect(await balance()).to.include({ available: 900, held: 100 });
  });

  it('voids by hand, once and again, or by itself when the till forgot it', async () => {
    const one = await held(100, 'P-1');
    expect((await act(one, 'void')).body.state).to.equal('voided');
    expect((await act(one, 'void')).body.state).to.equal('voided');
    expect((await act(one, 'capture', {})).status).to.equal(409);
    await held(200, 'P-2');
    server.clock.pass(15 * MINUTE);
    const { commands } = server.server.foundation;
    const { payments } = server.server.alliance;
    const work = async (tx: Parameters<typeof payments.voidStale>[0]) =>
      ({ ok: true, value: await payments.voidStale(tx, 10) }) as const;
    expect(await commands.run({ name: 'test', actor: 'job:test', work })).to.deep.equal({ ok: true, value: 1 });
    expect(await balance()).to.include({ available: 1000, held: 0 });
  });

  it('gives lines back, each once, and all of them are the whole', async () => {
    const paymentId = await held(100, 'P-1');
    const lines = ['tea', 'cake', 'cup'].map((line) => ({ line, amountMinor: 333 }));
    const captured = (await act(paymentId, 'capture', { lines })).body as Payment;
    expect(captured.lines.map((line) => line.points)).to.deep.equal([33, 34, 33]);
    expect((await act(paymentId, 'refunds', { line: 'milk', reason: 'x' })).body.fields).to.have.property('/line');
    expect((await act(paymentId, 'refunds', { line: 'tea', reason: 'cold' })).body).to.include({ returned: 33 });
    expect((await act(paymentId, 'refunds', { line: 'tea', reason: 'cold' })).body.code).to.equal('conflict');
    expect((await act(paymentId, 'refunds', { points: 10, reason: 'cold' })).body.code).to.equal('conflict');
    await act(paymentId, 'refunds', { line: 'cake', reason: 'dry' });
    expect((await act(paymentId, 'refunds', { line: 'cup', reason: 'broken' })).body).to.include({ returned: 100 });
    expect((await act(paymentId, 'refunds', { reason: 'again' })).body.code).to.equal('conflict');
    expect(await balance()).to.include({ available: 1000 });
  });

  it('gives points back in pieces, and no more than were taken', async () => {
    const paymentId = await held(100, 'P-1');
    await act(paymentId, 'capture', {});
    expect((await act(paymentId, 'refunds', { points: 60, reason: 'a' })).body).to.include({ returned: 60 });
    expect((await act(paymentId, 'refunds', { points: 41, reason: 'b' })).body.code).to.equal('invalid_fields');
    expect((await act(paymentId, 'refunds', { reason: 'the rest' })).body).to.include({ returned: 100 });
    const shown = (await server.must('GET', `/v1/payments/${paymentId}`, { token: till.token })) as Payment;
    expect(shown.refunds).to.have.length(2);
  });

  it('shares what was captured so that the lines always add up', () => {
    const line = fc.record({ line: fc.string(), amountMinor: fc.integer({ min: 0, max: 100_000 }) });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.integer({ min: 1, max: 1_000_000 }), (lines, points) => {
        fc.pre(lines.some((each) => each.amountMinor > 0));
        const parts = shared(lines, points).map((each) => each.points);
        expect(parts.reduce((a, b) => a + b, 0)).to.equal(points);
        expect(parts.every((part) => part >= 0)).to.equal(true);
      }),
    );
  });

  it('slows down guessing at one till, and locks nobody out elsewhere', async () => {
    for (let tries = 0; tries < 5; tries += 1)
      expect((await hold(1, `T-${String(tries)}`, { memberId, pin: '0000' })).body.code).to.equal('credential_refused');
    expect((await hold(1, 'T-5')).body.code).to.equal('too_many_attempts');
    const other = await openMerchant(server, 'Salon');
    expect((await hold(1, 'T-6', pin(), other.token)).status).to.equal(201);
  });

  it('shows and moves only the merchant’s own', async () => {
    const paymentId = await held(100, 'P-1');
    const other = await openMerchant(server, 'Salon');
    for (const what of ['capture', 'void', 'refunds'])
      expect(
        (await act(paymentId, what, { ...(what === 'refunds' ? { reason: 'x' } : {}) }, other.token)).status,
      ).to.equal(404);
    expect((await server.ask('GET', `/v1/payments/${paymentId}`, { token: other.token })).status).to.equal(404);
    expect((await server.must('GET', '/v1/payments', { token: other.token })).items).to.deep.equal([]);
    expect((await server.must('GET', '/v1/payments', { token: till.token })).items).to.have.length(1);
  });
});
