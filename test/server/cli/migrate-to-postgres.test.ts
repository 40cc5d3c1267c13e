import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serve } from '@tessera/server/serve';
import { expect } from 'chai';
import { openAlliance, signInFirst, vend, type Alliance } from '../support/alliance.ts';
import { freshPostgres, type FreshDatabase } from '../support/engine.ts';
import { desk } from './support/desk.ts';

interface Moved {
  readonly rows: number;
  readonly tables: readonly { readonly name: string; readonly rows: number; readonly sha256: string }[];
  readonly check?: { readonly ok: boolean };
}

describe('moving to PostgreSQL', function () {
  this.timeout(120_000);
  let alliance: Alliance;
  let fresh: FreshDatabase;

  before(async () => {
    fresh = await freshPostgres();
    alliance = await openAlliance('sqlite');
    const kiosk = await alliance.connectKiosk();
    await signInFirst(alliance, kiosk);
    await vend(kiosk, 1, 'dropped');
    await vend(kiosk, 2, 'not_dropped');
    await vend(kiosk, 3, 'unknown');
  });
  after(async () => {
    await alliance.close();
    await fresh.remove();
  });

  const move = (...words: string[]) =>
    desk().run('migrate-to-postgres', '--data', alliance.data, '--to', fresh.address, '--json', ...words);
  const start = (env: Record<string, string>) =>
    serve({
      dataDir: alliance.data,
      port: 0,
      host: '127.0.0.1',
      demo: true,
      env: { TESSERA_LOG_LEVEL: 'silent', ...env },
      die: () => undefined,
    });

  it('counts beside a running server, and moves nothing before it is stopped', async () => {
    const dry = await move('--dry-run');
    expect(dry.code, dry.err).to.equal(0);
    expect((JSON.parse(dry.out) as Moved).rows).to.be.greaterThan(100);
    const early = await move();
    expect([early.code, early.err]).to.satisfy(
      ([code, words]: [number, string]) => code === 1 && words.includes('Stop it first'),
    );
  });

  it('moves every row, verified, and goes on there: same token, same books, numbers that follow', async () => {
    await alliance.stop();
    const done = await move();
    expect(done.code, done.err + done.out).to.equal(0);
    const moved = JSON.parse(done.out) as Moved;
    expect(moved.check?.ok).to.equal(true);
    expect(moved.tables.find(({ name }) => name === 'redemptions')).to.include({ rows: 3 });
    expect(moved.tables.every(({ sha256 }) => sha256.length === 64)).to.equal(true);

    expect(await start({}).catch((error: unknown) => (error as { code?: string }).code)).to.equal(
      'TESSERA_NO_DATABASE',
    );
    const serving = await start({ DATABASE_URL: fresh.address });
    try {
      const run = (...words: string[]) =>
        desk({ env: { DATABASE_URL: fresh.address } }).run(...words, '--data', alliance.data, '--json');
      const kiosks = await run('kiosk', 'list');
      const [kiosk] = (JSON.parse(kiosks.out) as { items: { kioskId: string }[] }).items;
      const counted = await run('stock', 'load', kiosk?.kioskId ?? '', '1', '1');
      expect(counted.code, counted.err).to.equal(0);
      expect((await run('check')).code).to.equal(0);
    } finally {
      await serving.stop();
    }
    expect(existsSync(join(alliance.data, 'server', 'tessera.db'))).to.equal(true);
  });

  it('refuses a database that has rows, and leaves them', async () => {
    const again = await move();
    expect(again.code).to.equal(1);
    expect(again.err).to.include('not empty');
  });
});
