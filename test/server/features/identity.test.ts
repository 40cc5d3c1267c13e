import { formatRotatingQr, stepAt } from '@tessera/shared/credentials/rotating-qr';
import { memberIdOf } from '@tessera/shared/ids/member-id';
import type { IdentifyRequest } from '@tessera/shared/protocol/kiosk';
import { raiseStep } from '@tessera/server/features/identity/store';
import type { PasswordHasher } from '@tessera/server/platform/crypto/hasher';
import { expect } from 'chai';
import { addMember } from '../support/people.ts';
import { plainHasher, runServer, type RunningServer } from '../support/server.ts';

const KIOSK = 'k01KDVDNA00000000000000000A';
const OTHER_KIOSK = 'k01KDVDNA00000000000000000B';

describe('who stands at a kiosk', () => {
  let server: RunningServer;
  let memberId: string;
  let verified: number;
  const countingHasher: PasswordHasher = {
    hash: (secret) => plainHasher.hash(secret),
    verify: (hashed, secret) => {
      verified += 1;
      return plainHasher.verify(hashed, secret);
    },
  };
  beforeEach(async () => {
    server = await runServer({ hasher: countingHasher });
    memberId = await addMember(server, 'Wei Chen', '2468');
    verified = 0;
  });
  afterEach(() => server.stop());

  const identify = async (request: IdentifyRequest, kioskId = KIOSK) => {
    const { foundation, alliance } = server.server;
    const examined = await alliance.identity.examine(kioskId, request);
    if (!examined.ok) return examined;
    return foundation.commands.run({
      name: 'test',
      actor: `kiosk:${kioskId}`,
      work: (tx) => alliance.identity.claim(tx, examined.value),
    });
  };
  const byId = (pin: string, id = memberId): IdentifyRequest => ({ kind: 'member_id', memberId: id, pin });
  const codeOf = async (request: IdentifyRequest, kioskId = KIOSK): Promise<string> => {
    const answer = await identify(request, kioskId);
    return answer.ok ? 'ok' : answer.error.code;
  };
  const activeCard = async (uid: string): Promise<string> => {
    const token = server.operator;
    const { cardNumber } = await server.must('POST', '/v1/cards', { token, body: { uid } });
    await server.must('POST', `/v1/cards/${cardNumber}/activation`, { token, body: { memberId } });
    return cardNumber;
  };
  const shownCode = async (): Promise<string> =>
    (await server.must('GET', `/v1/members/${memberId}/qr`, { token: server.operator })).text;

  it('knows a member by ID and PIN', async () => {
    expect(await identify(byId('2468'))).to.deep.equal({
      ok: true,
      value: { memberId, method: 'member_id', cardNumber: null, credential: null, repeat: false },
    });
  });

  it('knows a member by card and PIN, and no longer once the card is lost', async () => {
    const cardNumber = await activeCard('04AABBCC');
    const tap: IdentifyRequest = { kind: 'card', uid: '04AABBCC', pin: '2468' };
    const known = await identify(tap);
    expect(known.ok && known.value).to.include({ memberId, method: 'card', cardNumber });
    await server.must('POST', `/v1/cards/${cardNumber}/loss`, { token: server.operator });
    expect(await codeOf(tap)).to.equal('credential_refused');
  });

  it('refuses a card that was lost between examining and opening', async () => {
    const cardNumber = await activeCard('04AABBCC');
    const { foundation, alliance } = server.server;
    const examined = await alliance.identity.examine(KIOSK, { kind: 'card', uid: '04AABBCC', pin: '2468' });
    await server.must('POST', `/v1/cards/${cardNumber}/loss`, { token: server.operator });
    if (!examined.ok) throw new Error(examined.error.code);
    const claimed = await foundation.commands.run({
      name: 'test',
      actor: 'cli',
      work: (tx) => alliance.identity.claim(tx, examined.value),
    });
    expect(claimed.ok).to.equal(false);
  });

  it('answers unknown member, unknown card, member without PIN and wrong PIN alike, with the same work', async () => {
    const noPin = (
      await server.must('POST', '/v1/members', { token: server.operator, body: { name: 'No Pin', language: 'en' } })
    ).memberId;
    await codeOf(byId('0000'), OTHER_KIOSK);
    for (const request of [
      byId('0000'),
      byId('2468', memberIdOf(123_456_789)),
      byId('2468', noPin),
      { kind: 'card', uid: 'FFFFFFFF', pin: '2468' } as const,
    ]) {
      verified = 0;
      const answer = await identify(request);
      expect(answer.ok).to.equal(false);
      if (!answer.ok) expect(answer.error).to.deep.include({ code: 'credential_refused', facts: { attemptsLeft: 4 } });
      expect(verified, 'one verification each').to.equal(1);
    }
  });

  it('slows guesses at one member down here, and nowhere else', async () => {
    for (let guess = 0; guess < 5; guess += 1)
      expect(await codeOf(byId(`000${String(guess)}`))).to.equal('credential_refused');
    verified = 0;
    const blocked = await identify(byId('2468'));
    expect(blocked.ok).to.equal(false);
    if (!blocked.ok) expect(blocked.error).to.include({ code: 'too_many_attempts', retryAfterMs: 300_000 });
    expect(verified, 'nothing is even tried').to.equal(0);
    expect(await codeOf(byId('2468'), OTHER_KIOSK), 'the owner elsewhere').to.equal('ok');
    server.clock.pass(300_000);
    expect(await codeOf(byId('2468')), 'after the window').to.equal('ok');
  });

  it('slows a kiosk down before it looks at the member, and leaves codes alone', async () => {
    for (let guess = 0; guess < 30; guess += 1) {
      expect(await codeOf(byId('0000', memberIdOf(200_000_000 + guess)))).to.equal('credential_refused');
    }
    expect(await codeOf(byId('2468'))).to.equal('too_many_attempts');
    expect(await codeOf({ kind: 'qr', text: await shownCode() })).to.equal('ok');
  });

  it('counts every guess of a burst', async () => {
    const burst = await Promise.all(Array.from({ length: 20 }, (_, guess) => codeOf(byId(String(1000 + guess)))));
    expect(burst.filter((code) => code === 'credential_refused')).to.have.length(5);
    expect(burst.filter((code) => code === 'too_many_attempts')).to.have.length(15);
    expect(verified).to.equal(5);
  });

  it('does not count right PINs', async () => {
    for (let visit = 0; visit < 12; visit += 1) expect(await codeOf(byId('2468'))).to.equal('ok');
  });

  it('tells a suspended member so, but only with the right PIN', async () => {
    await server.must('POST', `/v1/members/${memberId}/state`, {
      token: server.operator,
      body: { state: 'suspended' },
    });
    expect(await codeOf(byId('0000'))).to.equal('credential_refused');
    expect(await codeOf(byId('2468'))).to.equal('member_suspended');
    expect(await codeOf({ kind: 'qr', text: await shownCode() })).to.equal('member_suspended');
  });

  describe('by rotating code', () => {
    it('takes a code once, and says where it is a repeat', async () => {
      const text = await shownCode();
      const first = await identify({ kind: 'qr', text });
      const again = await identify({ kind: 'qr', text });
      expect(first.ok && first.value.repeat).to.equal(false);
      expect(again.ok && again.value).to.deep.include({ memberId, repeat: true });
      expect(first.ok && first.value.credential).to.deep.equal(again.ok && again.value.credential);
    });

    it('takes it once in a burst of the same code', async () => {
      const text = await shownCode();
      const burst = await Promise.all(Array.from({ length: 10 }, () => identify({ kind: 'qr', text }, OTHER_KIOSK)));
      expect(burst.filter((answer) => answer.ok && !answer.value.repeat)).to.have.length(1);
    });

    it('raises the last step by compare-and-set alone', async () => {
      const [, credentialId = '', step = ''] = (await shownCode()).split('.');
      const { db } = server.server.foundation.database;
      const raise = (to: number) => raiseStep(db, { credentialId, step: to });
      expect(await raise(Number(step))).to.deep.equal([{ member_id: memberId }]);
      expect(await raise(Number(step))).to.deep.equal([]);
      expect(await raise(Number(step) - 1)).to.deep.equal([]);
      expect(await raise(Number(step) + 1)).to.have.length(1);
    });

    it('is drawn as a picture for staff', async () => {
      const picture = await server.ask('GET', `/v1/members/${memberId}/qr.svg`, { token: server.operator });
      expect(picture.headers.get('content-type')).to.equal('image/svg+xml');
      expect(picture.text).to.match(/^<svg /);
    });

    it('lets till and kiosk follow each other, never back', async () => {
      const first = await shownCode();
      server.clock.pass(30_000);
      const second = await shownCode();
      expect(await codeOf({ kind: 'qr', text: second })).to.equal('ok');
      expect(await codeOf({ kind: 'qr', text: first })).to.equal('credential_refused');
    });

    it('refuses forged, old, early and revoked codes alike', async () => {
      const text = await shownCode();
      const [, credentialId = ''] = text.split('.');
      const forged = formatRotatingQr(new Uint8Array(32), credentialId, stepAt(server.clock.nowMs()));
      const { secret } = await server.server.foundation.database.db
        .selectFrom('credentials')
        .select('secret')
        .executeTakeFirstOrThrow();
      const early = formatRotatingQr(secret, credentialId, stepAt(server.clock.nowMs()) + 2);
      const old = formatRotatingQr(secret, credentialId, stepAt(server.clock.nowMs()) - 2);
      for (const bad of [forged, early, old, `${text}x`, 'T1.x.1.y', '', 'https://evil.example']) {
        expect(await codeOf({ kind: 'qr', text: bad }), bad).to.equal('credential_refused');
      }
      await server.must('POST', `/v1/members/${memberId}/qr/revocation`, { token: server.operator });
      expect(await codeOf({ kind: 'qr', text })).to.equal('credential_refused');
      expect(await codeOf({ kind: 'qr', text: await shownCode() }), 'a new credential').to.equal('ok');
    });

    it('shows a code as text in a demo, always one that works', async () => {
      for (let visit = 0; visit < 5; visit += 1) {
        const { text } = await server.ask('GET', `/demo/members/${memberId}/qr`);
        expect(await codeOf({ kind: 'qr', text })).to.equal('ok');
      }
      expect((await server.ask('GET', '/demo/members/1/qr')).body.code).to.equal('not_found');
    });
  });
});
