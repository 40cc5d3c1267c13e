import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openDatabase, type Database } from '@tessera/server/platform/database/database';
import { ledgerEpochOf } from '@tessera/server/platform/database/ledger-epoch';
import { migrate } from '@tessera/server/platform/migrations/migrate';
import { brokenAuditLines } from '@tessera/server/platform/audit/chain';
import { desk } from './support/desk.ts';

const clock = { nowMs: () => 1_800_000_000_000, monotonicMs: () => 0 };
const chance = { bytes: (count: number) => new Uint8Array(count) };

describe('backup and restore', () => {
  let data: string;
  let file: string;
  let live: Database | undefined;

  beforeEach(async () => {
    data = mkdtempSync(join(tmpdir(), 'tessera-backup-'));
    mkdirSync(join(data, 'server'));
    file = join(data, 'server', 'tessera.db');
    live = openDatabase(file);
    await migrate(live.db);
    await ledgerEpochOf(live.db, clock, chance);
    await live.db.insertInto('meta').values({ key: 'test', value: 'before' }).execute();
  });

  afterEach(async () => {
    await stop();
    rmSync(data, { recursive: true });
  });

  async function stop(): Promise<void> {
    await live?.close();
    live = undefined;
  }

  async function meta(key: string): Promise<string | undefined> {
    const database = openDatabase(file, { readonly: true });
    try {
      return (await database.db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst())?.value;
    } finally {
      await database.close();
    }
  }

  const backupTo = (to: string) => desk().run('backup', '--data', data, '--to', to, '--json');

  it('copies a live database, and restores it into a new ledger epoch with an audit line', async () => {
    const to = join(data, 'copy.db');
    const made = await backupTo(to);
    expect(made.err).to.equal('');
    expect(made.code).to.equal(0);
    expect(JSON.parse(readFileSync(`${to}.json`, 'utf8'))).to.include({ format: 'tessera-backup-1' });

    await live?.db.updateTable('meta').set({ value: 'after' }).where('key', '=', 'test').execute();
    const epoch = await meta('ledger_epoch');
    await stop();
    const restored = await desk().run('restore', '--data', data, '--from', to, '--yes', '--json');
    expect(restored.err).to.equal('');
    const said = JSON.parse(restored.out) as { ledgerEpoch: string; before: string };
    expect(await meta('test')).to.equal('before');
    expect(await meta('ledger_epoch'))
      .to.equal(said.ledgerEpoch)
      .and.to.not.equal(epoch);
    expect(existsSync(said.before), 'the old database is kept').to.equal(true);

    const database = openDatabase(file, { readonly: true });
    const lines = await database.db.selectFrom('audit').selectAll().execute();
    expect(lines.at(-1)).to.include({ action: 'backup.restored', actor: 'cli' });
    expect(await brokenAuditLines(database.db)).to.deep.equal([]);
    await database.close();
    expect(readdirSync(join(data, 'server')).filter((name) => name.includes('restoring'))).to.deep.equal([]);
  });

  it('refuses to restore under a running server, and changes nothing', async () => {
    const to = join(data, 'copy.db');
    await backupTo(to);
    const { code, err } = await desk().run('restore', '--data', data, '--from', to, '--yes', '--json');
    expect(code).to.equal(1);
    expect(JSON.parse(err)).to.include({ code: 'conflict' });
    expect(err).to.include('Stop it first');
    expect(await meta('test')).to.equal('before');
  });

  it('asks before it restores: a dry run, a missing --yes and a “no” change nothing', async () => {
    const to = join(data, 'copy.db');
    await backupTo(to);
    await live?.db.updateTable('meta').set({ value: 'after' }).where('key', '=', 'test').execute();
    await stop();
    const args = ['restore', '--data', data, '--from', to];
    expect((await desk().run(...args, '--dry-run')).out).to.include('Dry run, nothing was changed.');
    expect((await desk().run(...args)).code).to.equal(4);
    const person = desk({ interactive: true });
    person.answers.push('no');
    expect((await person.run(...args)).code).to.equal(4);
    expect(await meta('test')).to.equal('after');
    person.answers.push('yes');
    expect((await person.run(...args)).code).to.equal(0);
    expect(await meta('test')).to.equal('before');
  });

  it('refuses a backup whose bytes changed, one that is no database, and one that is not there', async () => {
    const to = join(data, 'copy.db');
    await backupTo(to);
    await stop();
    const damaged = join(data, 'damaged.db');
    copyFileSync(to, damaged);
    copyFileSync(`${to}.json`, `${damaged}.json`);
    appendFileSync(damaged, 'x');
    const noise = join(data, 'noise.db');
    writeFileSync(noise, 'this is not a database, however long one looks at it '.repeat(100));
    for (const from of [damaged, noise, join(data, 'absent.db')]) {
      const { code } = await desk().run('restore', '--data', data, '--from', from, '--yes');
      expect(code, from).to.equal(1);
    }
    expect(await meta('test')).to.equal('before');
  });

  it('never overwrites an older backup', async () => {
    const to = join(data, 'copy.db');
    await backupTo(to);
    const bytes = readFileSync(to);
    const again = await backupTo(to);
    expect(again.code).to.equal(1);
    expect(readFileSync(to).equals(bytes)).to.equal(true);
  });
});
