import { randomUUID } from 'node:crypto';
import { isMemberId } from '@tessera/shared/ids/member-id';
import { expect } from 'chai';
import { addMember, inAll, openMerchant } from '../support/people.ts';
import { runServer, type RunningServer } from '../support/server.ts';

describe('the alliance over HTTP', () => {
  let server: RunningServer;
  beforeEach(async () => {
    server = await runServer();
  });
  afterEach(() => server.stop());

  it('moves a merchant through its contract and refuses shortcuts', async () => {
    const token = server.operator;
    const { industryId } = await server.must('POST', '/v1/industries', { token, body: { name: inAll('Hotel') } });
    const merchant = await server.must('POST', '/v1/merchants', { token, body: { name: 'Inn', industryId } });
    expect(merchant).to.include({ state: 'applied', signedAt: null, currency: 'EUR' });
    const path = `/v1/merchants/${merchant.merchantId}/state`;
    const shortcut = await server.ask('POST', path, { token, body: { state: 'active' } });
    expect(shortcut.status).to.equal(409);
    expect(shortcut.body).to.deep.include({ code: 'conflict', facts: { state: 'applied' } });
    for (const state of ['signed', 'active', 'suspended', 'active', 'left']) {
      const moved = await server.must('POST', path, { token, body: { state } });
      expect(moved.state).to.equal(state);
    }
    expect((await server.ask('POST', path, { token, body: { state: 'signed' } })).status).to.equal(409);
  });

  it('gives a terminal its merchant only, and nothing once the merchant is suspended', async () => {
    const bakery = await openMerchant(server);
    const other = await openMerchant(server, 'Salon');
    const me = await server.must('GET', '/v1/me', { token: bakery.token });
    expect(me).to.include({ kind: 'terminal', merchantId: bakery.merchantId, branchId: bakery.branchId });
    expect((await server.ask('GET', `/v1/merchants/${bakery.merchantId}`, { token: bakery.token })).status).to.equal(
      200,
    );
    expect((await server.ask('GET', `/v1/merchants/${other.merchantId}`, { token: bakery.token })).status).to.equal(
      404,
    );
    await server.must('POST', `/v1/merchants/${bakery.merchantId}/state`, {
      token: server.operator,
      body: { state: 'suspended' },
    });
    expect((await server.ask('GET', '/v1/me', { token: bakery.token })).status).to.equal(401);
  });

  it('turns an amount into points once, whatever is repeated', async () => {
    const till = await openMerchant(server, 'Bakery', { points: 3, perMinor: 100 });
    const memberId = await addMember(server);
    const sale = { member: { memberId }, reference: 'R-1', amountMinor: 1999, currency: 'EUR' };
    const key = randomUUID();
    const first = await server.ask('POST', '/v1/accruals', { token: till.token, key, body: sale });
    expect(first.status).to.equal(201);
    expect(first.body).to.include({ points: 57, available: 57, maskedName: 'W••• C•••' });
    const repeat = await server.ask('POST', '/v1/accruals', { token: till.token, key, body: sale });
    expect(repeat.body).to.deep.equal(first.body);
    const sameReference = await server.ask('POST', '/v1/accruals', { token: till.token, body: sale });
    expect(sameReference.body.code).to.equal('conflict');
    const otherBody = await server.ask('POST', '/v1/accruals', {
      token: till.token,
      key,
      body: { ...sale, amountMinor: 1 },
    });
    expect(otherBody.body.code).to.equal('idempotency_key_reused');

    const token = server.operator;
    expect(await server.must('GET', `/v1/members/${memberId}/balance`, { token })).to.deep.equal({
      pending: 0,
      available: 57,
      held: 0,
      debt: 0,
    });
    const { items } = await server.must('GET', `/v1/members/${memberId}/merchants`, { token });
    expect(items).to.have.length(1);
    expect(items[0]).to.include({
      merchantId: till.merchantId,
      visits: 1,
      spendMinor: 1999,
      points: 57,
      currency: 'EUR',
    });
    const history = await server.must('GET', `/v1/members/${memberId}/history`, { token });
    expect(history.items).to.have.length(1);
    const [posting] = history.items[0]?.postings ?? [];
    expect(history.items[0]?.postings).to.have.length(1);
    expect(posting).to.include({ account: 'member:available', points: 57 });
  });

  it('accrues by QR, and takes each code once', async () => {
    const till = await openMerchant(server);
    const memberId = await addMember(server);
    const { text } = await server.must('GET', `/v1/members/${memberId}/qr`, { token: server.operator });
    const sale = { member: { qr: text }, points: 40 };
    const accrued = await server.must('POST', '/v1/accruals', { token: till.token, body: { ...sale, reference: 'A' } });
    expect(accrued).to.include({ memberId, points: 40, available: 40 });
    const replayed = await server.ask('POST', '/v1/accruals', { token: till.token, body: { ...sale, reference: 'B' } });
    expect(replayed.body.code).to.equal('credential_refused');
    server.clock.pass(90_000);
    const old = await server.ask('POST', '/v1/accruals', { token: till.token, body: { ...sale, reference: 'C' } });
    expect(old.body.code).to.equal('credential_refused');
  });

  it('lets a person apply and gives exactly one member ID per address', async () => {
    const apply = async () => {
      const body = { name: 'Lina', language: 'ar', contact: { kind: 'phone', value: '+4915112345678' } };
      const { applicationId } = await server.must('POST', '/v1/member-applications', { body });
      const row = await server.server.foundation.database.db
        .selectFrom('outbox')
        .select('payload')
        .where('topic', '=', 'address_message')
        .orderBy('outbox_id', 'desc')
        .executeTakeFirstOrThrow();
      const { facts } = JSON.parse(row.payload) as { facts: { code: string } };
      return { path: `/v1/member-applications/${applicationId}/verification`, code: facts.code };
    };
    const first = await apply();
    const wrong = first.code === '000000' ? '000001' : '000000';
    expect((await server.ask('POST', first.path, { body: { code: wrong } })).body.code).to.equal('credential_refused');
    const { memberId } = await server.must('POST', first.path, { body: { code: first.code, pin: '1357' } });
    expect(isMemberId(memberId)).to.equal(true);
    expect((await server.ask('POST', first.path, { body: { code: first.code } })).body.code).to.equal(
      'credential_refused',
    );
    const second = await apply();
    expect(await server.must('POST', second.path, { body: { code: second.code } })).to.deep.equal({ memberId });
    const { items } = await server.must('GET', '/v1/members', { token: server.operator });
    expect(items).to.have.length(1);
    expect(items[0]).to.include({ memberId, hasPin: true, language: 'ar' });
  });

  it('lets a code be tried five times', async () => {
    const body = { name: 'Lina', language: 'en', contact: { kind: 'email', value: 'Lina@Example.org' } };
    const { applicationId } = await server.must('POST', '/v1/member-applications', { body });
    const path = `/v1/member-applications/${applicationId}/verification`;
    const { payload } = await server.server.foundation.database.db
      .selectFrom('outbox')
      .select('payload')
      .executeTakeFirstOrThrow();
    const { facts, address } = JSON.parse(payload) as { facts: { code: string }; address: string };
    expect(address).to.equal('lina@example.org');
    const wrong = facts.code === '000000' ? '000001' : '000000';
    for (let tries = 0; tries < 5; tries += 1) await server.ask('POST', path, { body: { code: wrong } });
    expect((await server.ask('POST', path, { body: { code: facts.code } })).body.code).to.equal('credential_refused');
  });

  it('issues, activates, loses and replaces a card', async () => {
    const token = server.operator;
    const memberId = await addMember(server);
    const card = await server.must('POST', '/v1/cards', { token, body: { uid: '04AABBCC', agent: 'Kim' } });
    expect(card).to.include({ state: 'issued', memberId: null, uid: '04AABBCC', agent: 'Kim' });
    const twin = await server.ask('POST', '/v1/cards', { token, body: { uid: '04AABBCC' } });
    expect(twin.body.code).to.equal('conflict');
    const path = `/v1/cards/${card.cardNumber}`;
    const active = await server.must('POST', `${path}/activation`, { token, body: { memberId } });
    expect(active).to.include({ state: 'active', memberId });
    expect((await server.must('POST', `${path}/loss`, { token })).state).to.equal('lost');
    const next = await server.must('POST', `${path}/replacement`, { token, body: { uid: '04AABBCD' } });
    expect(next).to.include({ state: 'active', memberId, uid: '04AABBCD', agent: 'Kim' });
    expect(await server.must('GET', path, { token })).to.include({ state: 'replaced', replacedBy: next.cardNumber });
    expect((await server.ask('POST', `${path}/loss`, { token })).body.code).to.equal('conflict');
  });

  it('keeps rewards with prices, dates, limits and pictures', async () => {
    const token = server.operator;
    const reward = await server.must('POST', '/v1/rewards', {
      token,
      body: { name: inAll('Honey'), price: 300, perMemberLimit: 2 },
    });
    expect(reward).to.include({ price: 300, state: 'active', picture: null, validUntil: null, perMemberLimit: 2 });
    const path = `/v1/rewards/${reward.rewardId}`;
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8"/></svg>';
    const headers = { 'content-type': 'image/svg+xml' };
    const pictured = await server.must('PUT', `${path}/picture`, { token, body: svg, headers });
    expect(pictured.picture).to.match(/^\/v1\/pictures\/[0-9a-f]{64}\.svg$/);
    const picture = await server.ask('GET', pictured.picture);
    expect(picture.text).to.equal(svg);
    expect(picture.headers.get('content-type')).to.equal('image/svg+xml');
    expect(picture.headers.get('cache-control')).to.contain('immutable');
    expect(picture.headers.get('content-security-policy')).to.contain('sandbox');
    for (const bad of [
      svg.replace('<rect', '<script>alert(1)</script><rect'),
      svg.replace('<rect', '<rect onload="x()"'),
      svg.replace('<rect', '<image href="https://evil.example/x.png"/><rect'),
      'not a picture',
    ]) {
      const refused = await server.ask('PUT', `${path}/picture`, { token, body: bad, headers });
      expect(refused.body.code, bad).to.equal('invalid_fields');
    }
    const changed = await server.must('PATCH', path, { token, body: { price: 250 } });
    expect(changed).to.include({ price: 250, picture: pictured.picture });
    const backwards = await server.ask('PATCH', path, { token, body: { validFrom: 10, validUntil: 5 } });
    expect(backwards.body.fields).to.have.property('/validUntil');
  });
});
