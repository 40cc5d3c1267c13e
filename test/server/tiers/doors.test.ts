import { expect } from 'chai';
import { Club, ladder } from './club.ts';
import { inAll } from './support.ts';

describe('the doors to tiers', () => {
  let club: Club;
  before(async () => {
    club = await Club.open();
  });
  after(() => club.server.stop());

  const publish = (change: object, token = club.server.operator) =>
    club.server.ask('POST', '/v1/tier-ladders', { token, body: { ...ladder, ...change } });

  it('let staff alone publish a ladder, for the future, and only one that goes up', async () => {
    const tier = (code: string, points: number) => ({ code, name: inAll(code), points });
    const now = club.server.clock.nowMs();
    expect((await publish({}, club.till.token)).body.code).to.equal('forbidden');
    expect((await publish({ startsAt: now - 1 })).body.fields).to.have.property('/startsAt');
    expect((await publish({ tiers: [tier('a', 2), tier('b', 1)] })).body.code).to.equal('invalid_fields');
    expect((await publish({ tiers: [tier('a', 1), tier('a', 2)] })).body.code).to.equal('invalid_fields');
    expect((await publish({ tiers: [tier('A', 1)] })).body.code).to.equal('invalid_fields');
    expect((await publish({ timeZone: 'Nowhere' })).body.code).to.equal('invalid_fields');
    expect((await publish({ startsAt: now + 10 })).status).to.equal(201);
    expect((await publish({ startsAt: now + 5 })).body.fields).to.have.property('/startsAt');
    expect((await publish({ startsAt: now + 10 })).status).to.equal(201);
    const { body } = await club.server.ask('GET', '/v1/tier-ladders', { token: club.till.token });
    expect(body).to.include({ inForce: null });
    expect(body.items.map((each) => (each as unknown as { version: number }).version)).to.deep.equal([2, 1]);
    club.server.clock.pass(10);
  });

  it('show a clerk the tier and nothing else', async () => {
    await club.buy(100);
    const path = `/v1/members/${club.memberId}/tier`;
    const { token } = club.till;
    const { memberId } = club;
    const glance = await club.server.must('GET', `${path}/glance`, { token });
    expect(glance).to.deep.equal({ memberId, tier: { code: 'silver', name: ladder.tiers[0]?.name } });
    expect((await club.server.ask('GET', path, { token })).body.code).to.equal('forbidden');
    expect((await club.server.ask('GET', `${path}/changes`, { token })).body.code).to.equal('forbidden');
  });

  it('show members their own, when they have proven who they are', async () => {
    const { memberId, till } = club;
    const own = (proof: object) => club.server.ask('POST', '/v1/own-tier', { token: till.token, body: { proof } });
    const shown = await own({ memberId, pin: '2468' });
    expect(shown.body).to.deep.include({ memberId, points: 100, graceUntil: null });
    expect((await own({ memberId, pin: '1111' })).body.code).to.equal('credential_refused');
    expect((await own({ qr: 'T1.nobody' })).body.code).to.equal('credential_refused');
  });

  it('know no stranger', async () => {
    const token = club.server.operator;
    for (const end of ['', '/glance', '/changes']) {
      const reply = await club.server.ask('GET', `/v1/members/4821073956/tier${end}`, { token });
      expect(reply.body.code).to.equal('not_found');
    }
  });

  it('write to members in their language', async () => {
    for (;;) {
      const path = `/v1/messages?memberId=${club.memberId}`;
      const { items } = await club.server.must('GET', path, { token: club.server.operator });
      const [first] = items;
      if (first?.subject === '您已升为银卡') return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it('export standings and changes', async () => {
    const kinds = await Promise.all(
      ['tier-standings', 'tier-changes'].map((kind) =>
        club.server.ask('GET', `/v1/exports/${kind}`, { token: club.server.operator }),
      ),
    );
    expect(kinds.map(({ text }) => text)).to.satisfy((texts: string[]) =>
      texts.every((text) => text.includes(club.memberId)),
    );
  });
});
