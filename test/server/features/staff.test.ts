import { argon2Hasher } from '@tessera/server/platform/crypto/hasher';
import { expect } from 'chai';
import { runServer, type RunningServer } from '../support/server.ts';

const PASSWORD = 'correct horse battery';

describe('staff', () => {
  let server: RunningServer;
  beforeEach(async () => {
    server = await runServer();
    await server.must('POST', '/v1/admins', { token: server.operator, body: { login: 'kim', password: PASSWORD } });
  });
  afterEach(() => server.stop());

  const signIn = (login: string, password: string) =>
    server.ask('POST', '/v1/admin/sessions', { key: null, body: { login, password } });

  it('signs in, is known, and signs out', async () => {
    const { token } = (await signIn('kim', PASSWORD)).body;
    expect(token).to.match(/^tsa_/);
    expect(await server.must('GET', '/v1/me', { token })).to.include({ kind: 'admin', name: 'kim', role: 'admin' });
    await server.must('DELETE', '/v1/admin/sessions/current', { token });
    expect((await server.ask('GET', '/v1/me', { token })).status).to.equal(401);
  });

  it('is signed out after twelve hours', async () => {
    const { token } = (await signIn('kim', PASSWORD)).body;
    server.clock.pass(12 * 3_600_000 - 1);
    expect((await server.ask('GET', '/v1/me', { token })).status).to.equal(200);
    server.clock.pass(1);
    expect((await server.ask('GET', '/v1/me', { token })).status).to.equal(401);
  });

  it('answers unknown login and wrong password alike', async () => {
    const unknown = await signIn('nobody', PASSWORD);
    const wrong = await signIn('kim', 'not the password');
    expect(unknown.text).to.equal(wrong.text);
    expect(unknown.body.code).to.equal('credential_refused');
  });

  it('slows guesses at a login down', async () => {
    for (let guess = 0; guess < 5; guess += 1) await signIn('kim', `guess ${String(guess)}`);
    const blocked = await signIn('kim', PASSWORD);
    expect(blocked.body.code).to.equal('too_many_attempts');
    expect(Number(blocked.headers.get('retry-after'))).to.equal(300);
    server.clock.pass(300_000);
    expect((await signIn('kim', PASSWORD)).status).to.equal(201);
  });

  it('takes a login once', async () => {
    const body = { login: 'kim', password: 'another long password' };
    expect((await server.ask('POST', '/v1/admins', { token: server.operator, body })).body.code).to.equal('conflict');
    const { items } = await server.must('GET', '/v1/admins', { token: server.operator });
    expect(items).to.have.length(1);
    expect(items[0]).to.not.have.property('password_hash');
  });

  it('keeps what an admin did under their own name', async () => {
    const { token } = (await signIn('kim', PASSWORD)).body;
    const { id } = await server.must('GET', '/v1/me', { token });
    await server.must('POST', '/v1/cards', { token, body: {} });
    const { actor } = await server.server.foundation.database.db
      .selectFrom('audit')
      .select('actor')
      .where('action', '=', 'card.issued')
      .executeTakeFirstOrThrow();
    expect(actor).to.equal(`admin:${id}`);
  });

  it('hashes with argon2id, at OWASP’s cost', async () => {
    const hashed = await argon2Hasher.hash('2468');
    expect(hashed).to.match(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await argon2Hasher.verify(hashed, '2468')).to.equal(true);
    expect(await argon2Hasher.verify(hashed, '2469')).to.equal(false);
  });
});
