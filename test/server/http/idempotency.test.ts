import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { addMember, inAll, openMerchant } from '../support/people.ts';
import { plainHasher, runServer, type RunningServer } from '../support/server.ts';

const DAY_MS = 24 * 3_600_000;

describe('Idempotency-Key', () => {
  let server: RunningServer;
  let release: () => void = () => undefined;
  let hashing: Promise<void> = Promise.resolve();
  beforeEach(async () => {
    hashing = Promise.resolve();
    server = await runServer({
      hasher: {
        ...plainHasher,
        hash: async (secret) => {
          await hashing;
          return plainHasher.hash(secret);
        },
      },
    });
  });
  afterEach(() => server.stop());

  const industry = (key: string, name = 'Food') =>
    server.ask('POST', '/v1/industries', { token: server.operator, key, body: { name: inAll(name) } });

  it('gives a repeat the same answer and no second effect', async () => {
    const key = randomUUID();
    const answers = [await industry(key), await industry(key), await industry(key)];
    expect(new Set(answers.map(({ text }) => text)).size).to.equal(1);
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([201]));
    expect((await server.must('GET', '/v1/industries', { token: server.operator })).items).to.have.length(1);
  });

  it('refuses the key with another body, and keeps the first answer', async () => {
    const key = randomUUID();
    const first = await industry(key, 'Food');
    expect((await industry(key, 'Hotel')).body.code).to.equal('idempotency_key_reused');
    expect((await industry(key, 'Food')).text).to.equal(first.text);
  });

  it('does not mind the order of fields', async () => {
    const key = randomUUID();
    const token = server.operator;
    const headers = { 'content-type': 'application/json' };
    const one = await server.ask('POST', '/v1/cards', {
      token,
      key,
      headers,
      body: '{"uid":"04AABBCC","kind":"points"}',
    });
    const two = await server.ask('POST', '/v1/cards', {
      token,
      key,
      headers,
      body: ' {"kind":"points", "uid":"04AABBCC"}',
    });
    expect(two.text).to.equal(one.text);
  });

  it('gives the repeat of a refusal that refusal', async () => {
    const key = randomUUID();
    const token = server.operator;
    const path = '/v1/cards';
    await server.must('POST', path, { token, body: { uid: '04AABBCC' } });
    const first = await server.ask('POST', path, { token, key, body: { uid: '04AABBCC' } });
    expect(first.body.code).to.equal('conflict');
    await server.server.foundation.database.db.deleteFrom('cards').execute();
    expect((await server.ask('POST', path, { token, key, body: { uid: '04AABBCC' } })).body.code).to.equal('conflict');
  });

  it('lets one of many equal requests through and answers the others with it, or asks them to wait', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 12 }, () => industry(key)));
    const done = answers.filter(({ status }) => status === 201);
    const waiting = answers.filter(({ status }) => status === 409);
    expect(done.length).to.be.greaterThan(0);
    expect(new Set(done.map(({ text }) => text)).size).to.equal(1);
    expect(
      waiting.every(({ body, headers }) => body.code === 'in_flight' && headers.get('retry-after') === '1'),
    ).to.equal(true);
    expect((await server.must('GET', '/v1/industries', { token: server.operator })).items).to.have.length(1);
  });

  it('says in_flight while the first is still being worked on', async () => {
    const key = randomUUID();
    hashing = new Promise((resolve) => (release = resolve));
    const request = { token: server.operator, key, body: { login: 'kim', password: 'long enough for all' } };
    const both = [server.ask('POST', '/v1/admins', request), server.ask('POST', '/v1/admins', request)];
    const sooner = await Promise.race(both);
    expect(sooner.body.code).to.equal('in_flight');
    release();
    const answers = await Promise.all(both);
    expect(answers.map(({ status }) => status)).to.have.members([201, 409]);
  });

  it('keeps keys of two principals apart', async () => {
    const till = await openMerchant(server);
    const other = await openMerchant(server, 'Salon');
    const memberId = await addMember(server);
    const key = randomUUID();
    const sale = { member: { memberId }, reference: 'R', points: 5 };
    const here = await server.ask('POST', '/v1/accruals', { token: till.token, key, body: sale });
    const there = await server.ask('POST', '/v1/accruals', { token: other.token, key, body: sale });
    expect([here.status, there.status]).to.deep.equal([201, 201]);
    expect(here.text).to.not.equal(there.text);
  });

  it('forgets after thirty days', async () => {
    const key = randomUUID();
    const first = await industry(key);
    server.clock.pass(29 * DAY_MS);
    expect((await industry(key)).text).to.equal(first.text);
    server.clock.pass(2 * DAY_MS);
    expect((await industry(key)).text).to.not.equal(first.text);
  });

  it('keeps neither keys nor tokens readable in the database', async () => {
    const till = await openMerchant(server);
    const key = randomUUID();
    const body = { name: 'Till 2' };
    const path = `/v1/merchants/${till.merchantId}/terminals`;
    const { token } = await server.must('POST', path, { token: server.operator, key, body });
    const dump = await server.dump();
    expect(dump).to.not.contain(token);
    expect(dump).to.not.contain(key);
    expect((await server.must('POST', path, { token: server.operator, key, body })).token).to.equal(token);
  });
});
