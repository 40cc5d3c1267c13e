import { systemChance } from '@tessera/server/platform/clock/system';
import type { Challenge } from '@tessera/shared/protocol/kiosk';
import { expect } from 'chai';
import { io, type Socket } from 'socket.io-client';
import { FakeKiosk, type Wire } from '../support/kiosk.ts';
import { addMember, inAll, openMerchant } from '../support/people.ts';
import { runServer, type RunningServer } from '../support/server.ts';

/** A real socket to the kiosks' door, once the challenge has come. */
async function dial(server: RunningServer): Promise<Wire & { socket: Socket }> {
  const socket = io(`${server.url}/kiosk`, { transports: ['websocket'], reconnection: false, forceNew: true });
  const challenge = await new Promise<Challenge>((resolve, reject) => {
    socket.once('challenge', resolve);
    socket.once('connect_error', reject);
  });
  return { socket, challenge, send: (event, payload) => socket.timeout(5000).emitWithAck(event, payload) };
}

describe('a redemption over real sockets', () => {
  let server: RunningServer;
  let kiosk: FakeKiosk;
  let memberId: string;
  let sockets: Socket[];

  before(async () => {
    server = await runServer();
    const token = server.operator;
    const { token: terminal } = await openMerchant(server);
    memberId = await addMember(server);
    const accrual = { member: { memberId }, points: 1000, reference: 'R1' };
    await server.must('POST', '/v1/accruals', { token: terminal, body: accrual });
    const { rewardId } = await server.must('POST', '/v1/rewards', {
      token,
      body: { name: inAll('Tea'), about: inAll('A tin of tea'), price: 300, state: 'active' },
    });
    const { kioskId, enrolmentCode } = await server.must('POST', '/v1/kiosks', {
      token,
      body: { name: 'Station', slots: 2 },
    });
    const slots = [{ slot: 1, rewardId, capacity: 10 }];
    await server.must('PUT', `/v1/kiosks/${kioskId}/planogram`, { token, body: { slots } });
    await server.must('POST', `/v1/kiosks/${kioskId}/slots/1/loads`, { token, body: { quantity: 5 } });
    kiosk = new FakeKiosk(server.clock, systemChance);
    const body = { code: enrolmentCode, publicKey: kiosk.publicKey };
    kiosk.kioskId = (await server.must('POST', '/v1/kiosk-enrolments', { body })).kioskId;
    expect(kiosk.kioskId).to.equal(kioskId);
    const again = await server.ask('POST', '/v1/kiosk-enrolments', { body });
    expect(again.body.code).to.equal('enrolment_code_invalid');
    sockets = [];
    const wire = await dial(server);
    sockets.push(wire.socket);
    const hello = await kiosk.hello(wire);
    expect(hello.ok, JSON.stringify(hello)).to.equal(true);
  });

  after(async () => {
    for (const socket of sockets) socket.disconnect();
    await server.stop();
  });

  it('captures what dropped, releases what did not, doubts the rest', async () => {
    const signedIn = await kiosk.identify({ kind: 'member_id', memberId, pin: '2468' });
    expect(signedIn.ok, JSON.stringify(signedIn)).to.equal(true);
    for (const [outcome, state] of [
      ['not_dropped', 'released'],
      ['dropped', 'captured'],
      ['unknown', 'in_doubt'],
    ] as const) {
      const id = kiosk.newId();
      const authorised = await kiosk.authorise(id, 1);
      expect(authorised, JSON.stringify(authorised)).to.include({ ok: true, state: 'held' });
      expect(await kiosk.vending(id, 1)).to.include({ ok: true, state: 'vending' });
      const settled = await kiosk.outcome(id, 1, outcome);
      expect(settled).to.include({ ok: true, state });
      const seen = await server.must('GET', `/v1/redemptions/${id}`, { token: server.operator });
      expect(seen.state).to.equal(state);
      expect(seen.events.map((each) => each.event)).to.deep.equal(['authorise', 'vending', outcome]);
    }
    const report = await server.must('GET', '/v1/check', { token: server.operator });
    expect(report.ok, JSON.stringify(report.checks)).to.equal(true);
  });

  it('opens a session by rotating QR once, and again for the same scanner only', async () => {
    const { text } = await server.must('GET', `/v1/members/${memberId}/qr`, { token: server.operator });
    const first = await kiosk.identify({ kind: 'qr', text });
    expect(first.ok, JSON.stringify(first)).to.equal(true);
    const repeat = await kiosk.identify({ kind: 'qr', text });
    expect(repeat).to.deep.equal(first);
    server.clock.pass(4000);
    expect(await kiosk.identify({ kind: 'qr', text })).to.have.nested.property('problem.code', 'credential_refused');
  });

  it('refuses everything before hello, and what is no message at all', async () => {
    const wire = await dial(server);
    sockets.push(wire.socket);
    const ask = (event: string, payload: unknown) => wire.send(event, payload);
    expect(await ask('end_session', { sessionId: kiosk.newId() })).to.have.nested.property(
      'problem.code',
      'hello_required',
    );
    expect(await ask('nonsense', 1)).to.have.nested.property('problem.code', 'malformed');
    expect(await ask('hello', { body: '{', signature: 'x' })).to.have.nested.property('problem.code', 'malformed');
    const forged = { ...kiosk.greeting(wire.challenge), signature: 'A'.repeat(86) };
    expect(await ask('hello', forged)).to.have.nested.property('problem.code', 'bad_signature');
  });

  const counted = async (code: string): Promise<number> => {
    const found = new RegExp(`door="kiosk",code="${code}"\\} (\\d+)`).exec(await server.metrics.text());
    return Number(found?.[1] ?? 0);
  };

  it('lets no browser in, and counts it', async () => {
    const socket = io(`${server.url}/kiosk`, {
      transports: ['websocket'],
      reconnection: false,
      extraHeaders: { origin: 'https://example.org' },
    });
    const error = await new Promise<Error>((resolve) => socket.once('connect_error', resolve));
    socket.disconnect();
    expect(error).to.be.an('error');
    expect(await counted('foreign_origin')).to.equal(1);
  });

  for (const [what, frame, code] of [
    ['too much at once', JSON.stringify({ body: 'x'.repeat(300_000) }), 'too_large'],
    ['what is no packet', 'zzz', 'malformed'],
    ['a packet of broken JSON', '2/kiosk,["hello",{"body":', 'malformed'],
  ] as const) {
    it(`ends a connection that sends ${what}, and counts it`, async () => {
      const before = await counted(code);
      const { socket } = await dial(server);
      const gone = new Promise((resolve) => socket.once('disconnect', resolve));
      socket.io.engine.write(frame);
      await gone;
      expect(await counted(code)).to.equal(before + 1);
    });
  }

  for (const path of ['/', '/ui']) {
    it(`has no namespace ${path} where a connection could linger unasked`, async () => {
      const before = await counted('not_found');
      const socket = io(`${server.url}${path}`, { transports: ['websocket'], reconnection: false, forceNew: true });
      const word = await new Promise<string>((resolve) => {
        socket.once('connect', () => resolve('connected'));
        socket.once('connect_error', () => resolve('refused'));
      });
      socket.disconnect();
      expect(word).to.equal('refused');
      expect(await counted('not_found')).to.equal(before + 1);
    });
  }
});
