import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Route } from '@tessera/server/platform/openapi/route';
import { createLogger, logOf } from '@tessera/server/platform/events/log';
import { createHttpApp, type HttpLimits } from '@tessera/server/platform/http/app';
import { createMetrics } from '@tessera/server/platform/metrics/metrics';
import { defineRoute } from '@tessera/server/platform/openapi/route';
import type { Problem } from '@tessera/shared/problem';
import { ok, type Result } from '@tessera/shared/result';
import { expect } from 'chai';
import { z } from 'zod';
import { HandClock } from '../support/server.ts';

/** A shell around routes of the test's own. */
class Shell {
  readonly lines: string[] = [];
  readonly clock = new HandClock();
  readonly metrics = createMetrics();
  readonly #http: Server;
  constructor(routes: Route[], limits: Partial<HttpLimits> = {}, trustedProxies = 0) {
    const logger = createLogger({ write: (line) => this.lines.push(line) });
    const never = () => Promise.reject(new Error('not in this test'));
    this.#http = createServer(
      createHttpApp({
        routes,
        pages: [],
        authenticator: { authenticate: () => Promise.resolve({ kind: 'admin', id: 'kim', name: 'Kim' }) },
        idempotency: { guard: never },
        metrics: this.metrics,
        log: logOf(logger),
        logger,
        clock: this.clock,
        chance: { bytes: (count) => new Uint8Array(count) },
        allowedOrigins: ['https://points.example'],
        trustedProxies,
        limits: {
          inHand: 100,
          known: { perSecond: 100, burst: 100 },
          unknown: { perSecond: 1, burst: 3 },
          ...limits,
        },
      }),
    );
  }
  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
  }
  async close(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#http.close(() => {
        resolve();
      });
    });
  }
  async get(path: string, headers: Record<string, string> = {}) {
    const { port } = this.#http.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${String(port)}${path}`, { headers });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      code: (JSON.parse(text) as { code?: string }).code,
    };
  }
}

const route = (handle: () => Promise<Result<{ name: string }, Problem>>): Route =>
  defineRoute({
    method: 'get',
    path: '/v1/things',
    tag: 'Things',
    summary: 'Things',
    roles: ['public'],
    answer: z.object({ name: z.string() }),
    handle,
  });

describe('the HTTP shell', () => {
  let shell: Shell;
  const open = async (...parts: ConstructorParameters<typeof Shell>): Promise<void> => {
    shell = new Shell(...parts);
    await shell.open();
  };
  afterEach(() => shell.close());

  it('answers a fault of ours as `internal`, tells the log and keeps its inside to itself', async () => {
    await open([route(() => Promise.reject(new Error('secret inside')))]);
    const reply = await shell.get('/v1/things');
    expect([reply.status, reply.code]).to.deep.equal([500, 'internal']);
    expect(reply.text).to.not.contain('secret inside');
    const line = shell.lines.find((each) => each.includes('http.bug')) ?? '';
    expect(line)
      .to.contain('secret inside')
      .and.contain(reply.headers.get('x-request-id') ?? '?');
  });

  it('answers a full disk as `unavailable`', async () => {
    await open([route(() => Promise.reject(Object.assign(new Error('full'), { code: 'SQLITE_FULL' })))]);
    const reply = await shell.get('/v1/things');
    expect([reply.status, reply.code, reply.headers.get('retry-after')]).to.deep.equal([503, 'unavailable', '5']);
  });

  it('lets out no more than the answer’s schema names', async () => {
    await open([route(() => Promise.resolve(ok({ name: 'Kim', password_hash: 'x' })))]);
    expect((await shell.get('/v1/things')).text).to.equal('{"name":"Kim"}');
  });

  it('refuses work beyond what it has in hand, and takes it again after', async () => {
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    await open([route(() => gate.then(() => ok({ name: 'late' })))], { inHand: 2 });
    const three = Array.from({ length: 3 }, () => shell.get('/v1/things'));
    const refused = await Promise.race(three);
    expect([refused.status, refused.code, refused.headers.get('retry-after')]).to.deep.equal([503, 'overloaded', '1']);
    finish();
    expect((await Promise.all(three)).map(({ status }) => status).sort()).to.deep.equal([200, 200, 503]);
    expect((await shell.get('/v1/things')).status).to.equal(200);
    expect(await shell.metrics.text()).to.contain('tessera_refusals_total{door="http",code="overloaded"} 1');
  });

  it('slows one caller down by the address, and lets others through', async () => {
    await open([route(() => Promise.resolve(ok({ name: 'x' })))], {}, 1);
    const from = (address: string) => shell.get('/v1/things', { 'x-forwarded-for': address });
    for (let time = 0; time < 3; time += 1) expect((await from('192.0.2.1')).status).to.equal(200);
    const slowed = await from('192.0.2.1');
    expect([slowed.status, slowed.code, slowed.headers.get('retry-after')]).to.deep.equal([
      429,
      'too_many_attempts',
      '1',
    ]);
    expect((await from('192.0.2.2')).status).to.equal(200);
    const signedIn = await shell.get('/v1/things', {
      'x-forwarded-for': '192.0.2.1',
      authorization: `Bearer ${'x'.repeat(30)}`,
    });
    expect(signedIn.status).to.equal(200);
    shell.clock.pass(1_000);
    expect((await from('192.0.2.1')).status).to.equal(200);
  });

  it('does not believe an address that nobody vouches for', async () => {
    await open([route(() => Promise.resolve(ok({ name: 'x' })))]);
    for (let time = 0; time < 3; time += 1)
      await shell.get('/v1/things', { 'x-forwarded-for': `192.0.2.${String(time)}` });
    expect((await shell.get('/v1/things', { 'x-forwarded-for': '192.0.2.99' })).status).to.equal(429);
  });

  it('keeps a well-formed request id and makes one otherwise', async () => {
    await open([route(() => Promise.resolve(ok({ name: 'x' })))]);
    const kept = await shell.get('/v1/things', { 'x-request-id': 'proxy-1234567' });
    expect(kept.headers.get('x-request-id')).to.equal('proxy-1234567');
    const made = await shell.get('/v1/things', { 'x-request-id': 'short' });
    expect(made.headers.get('x-request-id')).to.match(/^[0-9A-Z]{26}$/);
  });

  it('lets a configured origin ask', async () => {
    await open([route(() => Promise.resolve(ok({ name: 'x' })))]);
    expect((await shell.get('/v1/things', { origin: 'https://points.example' })).status).to.equal(200);
    expect((await shell.get('/v1/things', { origin: 'https://points.example.evil.example' })).status).to.equal(403);
  });

  it('writes one line a request, without query and without secrets', async () => {
    await open([route(() => Promise.resolve(ok({ name: 'x' })))]);
    await shell.get('/v1/things?token=tsa_secret', {
      authorization: `Bearer tsa_${'s'.repeat(43)}`,
      cookie: 'a=secret',
    });
    const lines = shell.lines.filter((line) => line.includes('http.answered'));
    expect(lines).to.have.length(1);
    expect(lines[0]).to.contain('"path":"/v1/things"').and.contain('"status":200').and.not.contain('secret');
    expect(lines[0]).to.not.contain('ssss');
  });

  it('measures by route, never by made-up addresses', async () => {
    await open([route(() => Promise.resolve(ok({ name: 'x' })))]);
    await shell.get('/v1/things');
    await shell.get('/v1/made-up-1');
    const text = await shell.metrics.text();
    expect(text).to.contain('route="/v1/things"').and.contain('route="(none)"').and.not.contain('made-up');
  });
});
