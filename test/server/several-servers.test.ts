import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi } from '@tessera/server/client/api';
import { seedDemo, type SeededAlliance } from '@tessera/server/demo/seed';
import { checkBooks } from '@tessera/server/features/check/index';
import { systemChance, systemClock } from '@tessera/server/platform/clock/system';
import { openDatabase } from '@tessera/server/platform/database/database';
import type { KioskConfig } from '@tessera/shared/protocol/kiosk-parts';
import { expect } from 'chai';
import type { Socket } from 'socket.io-client';
import { dial } from './support/alliance.ts';
import { freshPostgres, type FreshDatabase } from './support/engine.ts';
import { FakeKiosk } from './support/kiosk.ts';

const entry = ['--conditions=source', '--import=tsx', join(import.meta.dirname, '../../server/src/main.ts')];

interface OneServer {
  readonly url: string;
  readonly data: string;
  readonly child: ChildProcess;
}

/** The next push of a name on a kiosk's socket. */
const pushOn = <Payload>(socket: Socket, name: string): Promise<Payload> =>
  new Promise((resolve) => socket.once(name, resolve));

describe('two servers on one PostgreSQL', function () {
  this.timeout(240_000);
  let fresh: FreshDatabase;
  let first: OneServer;
  let second: OneServer;
  let seeded: SeededAlliance;
  let kiosk: FakeKiosk;

  async function start(): Promise<OneServer> {
    const data = mkdtempSync(join(tmpdir(), 'tessera-several-'));
    const env = { ...process.env, DATABASE_URL: fresh.address };
    const words = ['serve', '--data', data, '--port', '0', '--demo'];
    const child = spawn(process.execPath, [...entry, ...words], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => {
        reject(new Error('A server ended before it listened'));
      });
      child.stderr.on('data', (chunk) => {
        if (String(chunk).includes('server.started')) resolve();
      });
    });
    const { url } = JSON.parse(readFileSync(join(data, 'server', 'server.json'), 'utf8')) as { url: string };
    return { url, data, child };
  }

  const post = (server: OneServer, path: string, token: string, body: object, key: string = randomUUID()) =>
    fetch(server.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });

  const sale = (reference: string) => ({
    member: { memberId: seeded.members[0]?.memberId },
    reference,
    points: 10,
  });

  before(async () => {
    fresh = await freshPostgres();
    [first, second] = await Promise.all([start(), start()]);
    const token = readFileSync(join(first.data, 'server', 'operator.token'), 'utf8').trim();
    const parts = { clock: systemClock, chance: systemChance, fetch, progress: () => undefined };
    const done = await seedDemo(createApi({ url: first.url, token }, fetch), 1, parts);
    if (!done.ok) throw new Error(JSON.stringify(done.error));
    seeded = done.value;
    kiosk = new FakeKiosk(systemClock, systemChance);
    const code = seeded.kiosks[0]?.enrolmentCode;
    const enrolled = await post(first, '/v1/kiosk-enrolments', '', { code, publicKey: kiosk.publicKey });
    kiosk.kioskId = ((await enrolled.json()) as { kioskId: string }).kioskId;
  });

  after(async () => {
    for (const { child, data } of [first, second]) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      rmSync(data, { recursive: true });
    }
    await fresh.remove();
  });

  it('reaches a kiosk on the other server with what has changed, and fences its older connection there', async () => {
    const wire = await dial(second.url);
    expect(await kiosk.hello(wire)).to.include({ ok: true });
    const pushed = pushOn<KioskConfig>(wire.socket, 'config');
    const before = kiosk.config?.planogram.slots[0]?.onHand ?? 0;
    const taken = { quantity: -1, reason: 'test' };
    const loaded = await post(first, `/v1/kiosks/${kiosk.kioskId}/slots/1/adjustments`, seeded.admin.token, taken);
    expect(loaded.status, await loaded.text()).to.be.lessThan(300);
    expect((await pushed).planogram.slots[0]?.onHand).to.equal(before - 1);

    const closing = pushOn<{ code: string }>(wire.socket, 'closing');
    expect(await kiosk.hello(await dial(first.url))).to.include({ ok: true });
    expect((await closing).code).to.equal('kiosk_superseded');
  });

  it('settles at one server what was authorised at the other', async () => {
    const { cardUid: uid = '', pin = '' } = seeded.members[0] ?? {};
    expect(await kiosk.identify({ kind: 'card', uid, pin })).to.include({ ok: true });
    const id = kiosk.newId();
    expect(await kiosk.authorise(id, 1)).to.include({ ok: true, state: 'held' });
    expect(await kiosk.vending(id, 1)).to.include({ ok: true });
    expect(await kiosk.hello(await dial(second.url), [{ redemptionId: id, state: 'vending' }])).to.include({
      ok: true,
    });
    expect(await kiosk.outcome(id, 1, 'dropped')).to.include({ ok: true, state: 'captured' });
    expect(await kiosk.outcome(id, 1, 'dropped')).to.include({ ok: true, state: 'captured' });
  });

  it('gives one effect to one key, at whichever server it is sent', async () => {
    const { token } = seeded.merchant;
    const key = randomUUID();
    const body = sale('sale-1');
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, index) => post(index % 2 ? first : second, '/v1/accruals', token, body, key)),
    );
    const statuses = new Set(replies.map((reply) => reply.status));
    statuses.delete(409);
    expect([...statuses]).to.deep.equal([201]);
    const ids: string[] = [];
    for (const server of [first, second]) {
      const again = await post(server, '/v1/accruals', token, body, key);
      ids.push(((await again.json()) as { accrualId: string }).accrualId);
    }
    expect(ids[0]).to.be.a('string').and.equal(ids[1]);
    expect((await post(second, '/v1/accruals', token, sale('sale-2'), key)).status).to.equal(422);
  });

  it('loses nothing acknowledged and does nothing twice when a server is killed at work', async () => {
    const { token } = seeded.merchant;
    const sales = Array.from({ length: 300 }, (_, index) => ({
      key: randomUUID(),
      body: sale(`kill-${String(index)}`),
    }));
    const told = new Map<string, string>();
    let killed = false;
    await Promise.all(
      sales.map(async ({ key, body }, index) => {
        const reply = await post(first, '/v1/accruals', token, body, key).catch(() => undefined);
        if (reply?.status === 201)
          told.set(key, ((await reply.json().catch(() => ({}))) as { accrualId: string }).accrualId);
        if (index < 40 || killed) return;
        killed = true;
        first.child.kill('SIGKILL');
      }),
    );
    for (const { key, body } of sales) {
      const again = await post(second, '/v1/accruals', token, body, key);
      expect(again.status).to.equal(201);
      const { accrualId } = (await again.json()) as { accrualId: string };
      expect(accrualId).to.equal(told.get(key) ?? accrualId);
    }
    const database = openDatabase(fresh.address, { readonly: true });
    const report = await checkBooks(database.db, Date.now());
    const { count } = await database.db
      .selectFrom('accruals')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('reference', 'like', 'kill-%')
      .executeTakeFirstOrThrow();
    await database.close();
    expect(count).to.equal(300);
    expect(report.checks.filter((check) => check.ok === false)).to.deep.equal([]);
  });
});
