import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve, type Serving } from '@tessera/server/serve';
import { expect } from 'chai';
import { io } from 'socket.io-client';
import { engine, freshServerEnv } from './support/engine.ts';

describe('serve', () => {
  let dataDir: string;
  let running: Serving[];
  let database: Awaited<ReturnType<typeof freshServerEnv>>;
  beforeEach(async () => {
    database = await freshServerEnv();
    dataDir = mkdtempSync(join(tmpdir(), 'tessera-serve-'));
    running = [];
  });
  afterEach(async () => {
    for (const each of running) await each.stop();
    rmSync(dataDir, { recursive: true });
    await database.remove();
  });

  const start = async (port = 0, data = dataDir): Promise<Serving> => {
    const serving = await serve({
      dataDir: data,
      port,
      host: '127.0.0.1',
      demo: false,
      env: { TESSERA_LOG_LEVEL: 'silent', ...database.env },
      die: () => undefined,
    });
    running.push(serving);
    return serving;
  };
  const stopAll = async (): Promise<void> => {
    for (const each of running.splice(0)) await each.stop();
  };
  const tokenFile = () => join(dataDir, 'server', 'operator.token');
  const whoAmI = (serving: Serving, token: string) =>
    fetch(`${serving.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } });

  it('gives the local operator a token that only its owner may read', async () => {
    const serving = await start();
    expect((statSync(tokenFile()).mode & 0o777).toString(8)).to.equal('600');
    const reply = await whoAmI(serving, readFileSync(tokenFile(), 'utf8').trim());
    expect(await reply.json()).to.include({ kind: 'admin', id: 'operator' });
    const address = JSON.parse(readFileSync(join(dataDir, 'server', 'server.json'), 'utf8')) as {
      url: string;
      pid: number;
    };
    expect(address).to.deep.include({ url: serving.url, pid: process.pid });
  });

  it('keeps the token over a restart, and ends the old one where the file was lost', async () => {
    await start();
    const first = readFileSync(tokenFile(), 'utf8').trim();
    await stopAll();
    const second = await start();
    expect(readFileSync(tokenFile(), 'utf8').trim()).to.equal(first);
    expect((await whoAmI(second, first)).status).to.equal(200);
    await stopAll();
    writeFileSync(tokenFile(), 'nonsense\n');
    const third = await start();
    const fresh = readFileSync(tokenFile(), 'utf8').trim();
    expect(fresh).to.not.equal(first);
    // On PostgreSQL it may be the token of another server that shares the books.
    expect((await whoAmI(third, first)).status).to.equal(engine === 'sqlite' ? 401 : 200);
    expect((await whoAmI(third, fresh)).status).to.equal(200);
  });

  it('has no demo doors outside a demo', async () => {
    const serving = await start();
    expect((await fetch(`${serving.url}/demo/members/1000000000/qr`)).status).to.equal(404);
  });

  it('says that a port or the data is taken, and leaves the other server alone', async () => {
    const serving = await start();
    const port = Number(new URL(serving.url).port);
    const codeOf = (failing: Promise<unknown>) => failing.catch((error: unknown) => (error as { code?: unknown }).code);
    expect(await codeOf(start(port, join(dataDir, 'another')))).to.equal('EADDRINUSE');
    expect(await codeOf(start(0))).to.equal('TESSERA_DATA_IN_USE');
    expect((await fetch(`${serving.url}/readyz`)).status).to.equal(200);
    const token = readFileSync(tokenFile(), 'utf8').trim();
    expect((await whoAmI(serving, token)).status).to.equal(200);
  });

  it('answers what is in hand before it stops', async () => {
    const serving = await start();
    const answers = Promise.all(
      Array.from({ length: 20 }, () => fetch(`${serving.url}/readyz`).catch(() => undefined)),
    );
    const first = await fetch(`${serving.url}/healthz`);
    await stopAll();
    expect(first.status).to.equal(200);
    for (const answer of await answers) if (answer) expect(answer.status).to.equal(200);
  });

  it('stops although a kiosk is connected that has not said hello', async () => {
    const serving = await start();
    const socket = io(`${serving.url}/kiosk`, { transports: ['websocket'], reconnection: false });
    await new Promise((resolve) => socket.once('challenge', resolve));
    const gone = new Promise((resolve) => socket.once('disconnect', resolve));
    await stopAll();
    await gone;
  }).timeout(5_000);
});
