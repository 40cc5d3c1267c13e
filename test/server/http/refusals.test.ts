import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { memberIdOf } from '@tessera/shared/ids/member-id';
import type { ProblemCode } from '@tessera/shared/problem';
import { problemCatalogue } from '@tessera/shared/problem';
import { expect } from 'chai';
import { addMember, inAll, openMerchant } from '../support/people.ts';
import { runServer, type Ask, type RunningServer } from '../support/server.ts';

const UNKNOWN = '01KDVDNA00000000000000000A';

describe('what the HTTP door refuses', () => {
  let server: RunningServer;
  let till: Awaited<ReturnType<typeof openMerchant>>;
  let memberId: string;
  before(async () => {
    server = await runServer();
    till = await openMerchant(server);
    memberId = await addMember(server);
  });
  after(() => server.stop());

  const refusalsOf = async (code: ProblemCode): Promise<number> => {
    const metrics = await server.metrics.text();
    const found = new RegExp(`tessera_refusals_total\\{door="http",code="${code}"\\} (\\d+)`).exec(metrics);
    return Number(found?.[1] ?? 0);
  };

  /** Asks, expects the typed problem, a count in the metrics and an unchanged database. */
  const refused = async (code: ProblemCode, method: string, path: string, ask: Ask = {}): Promise<void> => {
    // Stored answers and throttle counts are what a refusal may leave; leases of jobs come and go by themselves.
    const leaving = ['idempotency', 'throttles', 'jobs'];
    const before = await server.dump(...leaving);
    const counted = await refusalsOf(code);
    const reply = await server.ask(method, path, ask);
    expect(reply.body, `${method} ${path}`).to.include({ code, status: problemCatalogue[code][0] });
    expect(reply.status).to.equal(problemCatalogue[code][0]);
    expect(reply.headers.get('content-type')).to.equal('application/problem+json; charset=utf-8');
    expect(await refusalsOf(code), 'counted').to.equal(counted + 1);
    expect(await server.dump(...leaving), 'nothing changed').to.equal(before);
  };

  const merchant = () => ({ name: 'Spa', industryId: till.industryId });
  const json = { 'content-type': 'application/json' };

  describe('syntax and form', () => {
    for (const [what, body] of [
      ['half an object', '{"name":'],
      ['a bare word', 'nonsense'],
      ['a lone string', '"text"'],
      ['a number', '42'],
      ['an unpaired brace', '{"name":"Spa"}}'],
    ] as const) {
      it(`JSON that is ${what}`, () =>
        refused('malformed', 'POST', '/v1/merchants', { token: server.operator, body, headers: json }));
    }
    it('a body that is compressed nonsense', () =>
      refused('malformed', 'POST', '/v1/merchants', {
        token: server.operator,
        body: 'not gzip at all',
        headers: { ...json, 'content-encoding': 'gzip' },
      }));
    it('an encoding that nobody knows', () =>
      refused('unsupported_media_type', 'POST', '/v1/merchants', {
        token: server.operator,
        body: '{}',
        headers: { ...json, 'content-encoding': 'sausage' },
      }));
    it('a form instead of JSON', () =>
      refused('unsupported_media_type', 'POST', '/v1/merchants', {
        token: server.operator,
        body: 'name=Spa',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }));
    it('a body without a type', () =>
      refused('unsupported_media_type', 'POST', '/v1/merchants', {
        token: server.operator,
        body: new Uint8Array([123]),
      }));
    it('a body beyond the limit', () =>
      refused('too_large', 'POST', '/v1/merchants', {
        token: server.operator,
        body: { ...merchant(), terms: 'x'.repeat(70_000) },
      }));
    it('a picture beyond the limit', async () => {
      const body = { name: inAll('Tea'), price: 10 };
      const { rewardId } = await server.must('POST', '/v1/rewards', { token: server.operator, body });
      await refused('too_large', 'PUT', `/v1/rewards/${rewardId}/picture`, {
        token: server.operator,
        body: new Uint8Array(600 * 1024),
        headers: { 'content-type': 'image/png' },
      });
    });
    it('an address with a broken escape', () =>
      refused('malformed', 'GET', '/v1/members/%E0%A4%A', { token: server.operator }));
  });

  describe('fields', () => {
    const wrong: [string, () => Record<string, unknown>, string][] = [
      ['a number for a name', () => ({ ...merchant(), name: 7 }), '/name'],
      ['an empty name', () => ({ ...merchant(), name: '   ' }), '/name'],
      ['a name with control characters', () => ({ ...merchant(), name: 'a\u0000b' }), '/name'],
      ['a name with half a character', () => ({ ...merchant(), name: 'a\ud800' }), '/name'],
      ['terms with control characters', () => ({ ...merchant(), terms: 'one\ntwo\u0000' }), '/terms'],
      ['terms with half a character', () => ({ ...merchant(), terms: '\udc00' }), '/terms'],
      ['a missing industry', () => ({ name: 'Spa' }), '/industryId'],
      ['an unknown industry', () => ({ ...merchant(), industryId: UNKNOWN }), '/industryId'],
      ['a fraction of a point', () => ({ ...merchant(), rate: { points: 0.5, perMinor: 100 } }), '/rate/points'],
      ['a division by zero', () => ({ ...merchant(), rate: { points: 1, perMinor: 0 } }), '/rate/perMinor'],
      ['a currency of its own', () => ({ ...merchant(), currency: 'euro' }), '/currency'],
      ['a field that nobody knows', () => ({ ...merchant(), discount: 5 }), '/discount'],
      ['a list for an object', () => ({ ...merchant(), rate: [] }), '/rate'],
      ['a number beyond all bounds', () => ({ ...merchant(), rate: { points: 1e300, perMinor: 1 } }), '/rate/points'],
    ];
    for (const [what, body, pointer] of wrong) {
      it(`${what} → ${pointer}`, async () => {
        await refused('invalid_fields', 'POST', '/v1/merchants', { token: server.operator, body: body() });
        const reply = await server.ask('POST', '/v1/merchants', { token: server.operator, body: body() });
        expect(reply.body.fields).to.have.property(pointer);
      });
    }
    it('a limit beyond the largest page', () =>
      refused('invalid_fields', 'GET', '/v1/members?limit=100000', { token: server.operator }));
    it('a moment that no calendar has', () =>
      refused('invalid_fields', 'POST', '/v1/rewards', {
        token: server.operator,
        body: { name: inAll('Tea'), price: 10, validUntil: Number.MAX_SAFE_INTEGER },
      }));
    it('a name that is empty in a language', () =>
      refused('invalid_fields', 'POST', '/v1/industries', {
        token: server.operator,
        body: { name: { zh: '水疗', en: 'Spa', ar: ' ' } },
      }));
    for (const cursor of ['0', 'null', '__proto__', '99999999999999999999', 'A'.repeat(200)]) {
      it(`a cursor that no page gave (${cursor.slice(0, 20)})`, async () => {
        for (const list of ['members', 'redemptions', 'audit', 'stock-movements'])
          await refused('invalid_fields', 'GET', `/v1/${list}?cursor=${cursor}`, { token: server.operator });
      });
    }
    it('no cursor that another list gave: where it means nothing, the list begins anew', async () => {
      const elsewhere = Buffer.from('01JVL').toString('base64url');
      for (const list of ['audit', 'stock-movements', 'variances', 'settlement-runs'])
        await server.must('GET', `/v1/${list}?cursor=${elsewhere}`, { token: server.operator });
    });
    it('does not repeat a secret that was wrong', async () => {
      const reply = await server.ask('PUT', `/v1/members/${memberId}/pin`, {
        token: server.operator,
        body: { pin: '12x4' },
      });
      expect(reply.text).to.not.contain('12x4');
    });
  });

  describe('identifiers', () => {
    const paths = [
      '/v1/members/1234567890',
      '/v1/members/abc',
      '/v1/cards/9000000000000000',
      `/v1/merchants/${UNKNOWN}`,
      '/v1/merchants/../../etc/passwd',
      `/v1/rewards/${UNKNOWN}`,
      `/v1/pictures/${'0'.repeat(64)}.svg`,
      '/v1/pictures/..%2f..%2ftessera.db',
      '/v1/nothing',
      '/nothing',
    ];
    for (const path of paths) it(`GET ${path}`, () => refused('not_found', 'GET', path, { token: server.operator }));
    it('a valid member ID of nobody', () =>
      refused('not_found', 'PUT', `/v1/members/${memberIdOf(100_000_000)}/pin`, {
        token: server.operator,
        body: { pin: '1234' },
      }));
    it('a planogram with a reward that does not exist', async () => {
      const token = server.operator;
      const { kioskId } = await server.must('POST', '/v1/kiosks', { token, body: { name: 'Hall' } });
      const body = { slots: [{ slot: 1, rewardId: UNKNOWN, capacity: 5 }] };
      await refused('invalid_fields', 'PUT', `/v1/kiosks/${kioskId}/planogram`, { token, body });
    });
  });

  describe('who asks', () => {
    it('nobody', () => refused('unauthenticated', 'GET', '/v1/members'));
    it('a made-up token', () => refused('unauthenticated', 'GET', '/v1/members', { token: 'tsa_'.padEnd(47, 'x') }));
    it('something that is no token', () =>
      refused('unauthenticated', 'GET', '/v1/members', { headers: { authorization: 'Basic YTpi' } }));
    it('a terminal at a door for staff', () => refused('forbidden', 'GET', '/v1/members', { token: till.token }));
    it('a terminal that makes merchants', () =>
      refused('forbidden', 'POST', '/v1/merchants', { token: till.token, body: merchant() }));
    it('staff at a till', () =>
      refused('forbidden', 'POST', '/v1/accruals', {
        token: server.operator,
        body: { member: { memberId }, reference: 'x', points: 5 },
      }));
    it('does not read a large body of somebody unknown', () =>
      refused('unauthenticated', 'POST', '/v1/merchants', { body: { name: 'x'.repeat(200_000) } }));
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
      it(`a page of ${origin}`, () =>
        refused('foreign_origin', 'POST', '/v1/admin/sessions', {
          body: { login: 'a', password: 'b' },
          headers: { origin },
        }));
    }
    it('lets its own pages in', async () => {
      const reply = await server.ask('GET', '/v1/members', { token: server.operator, headers: { origin: server.url } });
      expect(reply.status).to.equal(200);
    });
  });

  describe('methods', () => {
    it('names what the address takes', async () => {
      await refused('method_not_allowed', 'DELETE', '/v1/merchants', { token: server.operator });
      const reply = await server.ask('DELETE', `/v1/members/${memberId}`, { token: server.operator });
      expect(reply.headers.get('allow')).to.equal('GET');
    });
  });

  describe('keys', () => {
    const body = () => ({ ...merchant(), name: `Spa ${randomUUID()}` });
    it('a change without a key', () =>
      refused('idempotency_key_missing', 'POST', '/v1/merchants', { token: server.operator, key: null, body: body() }));
    it('a key with spaces', () =>
      refused('idempotency_key_missing', 'POST', '/v1/merchants', {
        token: server.operator,
        key: 'one two three',
        body: body(),
      }));
    it('a key that was used with another body', async () => {
      const key = randomUUID();
      await server.must('POST', '/v1/merchants', { token: server.operator, key, body: body() });
      await refused('idempotency_key_reused', 'POST', '/v1/merchants', { token: server.operator, key, body: body() });
    });
    it('a key that was used at another door', async () => {
      const key = randomUUID();
      await server.must('POST', '/v1/merchants', { token: server.operator, key, body: body() });
      await refused('idempotency_key_reused', 'POST', '/v1/industries', {
        token: server.operator,
        key,
        body: { name: inAll('Spa') },
      });
    });
  });

  describe('codes', () => {
    const sale = (member: object) => ({ member, reference: randomUUID(), points: 5 });
    it('a member’s code that was used before', async () => {
      const { text } = await server.must('GET', `/v1/members/${memberId}/qr`, { token: server.operator });
      await server.must('POST', '/v1/accruals', { token: till.token, body: sale({ qr: text }) });
      await refused('credential_refused', 'POST', '/v1/accruals', { token: till.token, body: sale({ qr: text }) });
    });
    it('a member’s code that is forged', () =>
      refused('credential_refused', 'POST', '/v1/accruals', {
        token: till.token,
        body: sale({ qr: `T1.${UNKNOWN}.1.${'A'.repeat(22)}` }),
      }));
    it('a code of an application that does not exist', () =>
      refused('credential_refused', 'POST', `/v1/member-applications/${UNKNOWN}/verification`, {
        body: { code: '123456' },
      }));
    it('an accrual in a currency that the merchant does not count in', () =>
      refused('invalid_fields', 'POST', '/v1/accruals', {
        token: till.token,
        body: { member: { memberId }, reference: 'x', amountMinor: 100, currency: 'USD' },
      }));
    it('points for a suspended member', async () => {
      const { operator: token } = server;
      await server.must('POST', `/v1/members/${memberId}/state`, { token, body: { state: 'suspended' } });
      await refused('member_suspended', 'POST', '/v1/accruals', { token: till.token, body: sale({ memberId }) });
      await server.must('POST', `/v1/members/${memberId}/state`, { token, body: { state: 'active' } });
    });
    it('an enrolment code that nobody made', () =>
      refused('enrolment_code_invalid', 'POST', '/v1/kiosk-enrolments', {
        body: { code: 'ABCD-EFGH-JKMN-PQRS', publicKey: 'A'.repeat(43) },
      }));
  });

  it('answers every refusal with headers that nothing can be made of', async () => {
    const { headers } = await server.ask('GET', '/v1/members');
    expect(headers.get('x-content-type-options')).to.equal('nosniff');
    expect(headers.get('cache-control')).to.equal('no-store');
    expect(headers.get('content-security-policy')).to.contain("default-src 'none'");
    expect(headers.get('www-authenticate')).to.equal('Bearer');
    expect(headers.get('x-powered-by')).to.equal(null);
    expect(headers.get('x-request-id')).to.match(/^[0-9A-Z]{26}$/);
  });

  it('closes on what is not HTTP at all', async () => {
    const { port } = new URL(server.url);
    const before = await server.dump('jobs');
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('\u0016\u0003\u0001\u0002garbage\r\n\r\n'));
      socket.on('data', (data) => (text += data.toString()));
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).to.match(/^HTTP\/1\.1 400/);
    expect(await server.dump('jobs')).to.equal(before);
  });
});
