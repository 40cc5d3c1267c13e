import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Audit } from '@tessera/server/platform/audit/audit';
import { brokenAuditLines, sealAudit } from '@tessera/server/platform/audit/chain';
import { Commands, type Tx } from '@tessera/server/platform/commands/commands';
import { openDatabase, type Database } from '@tessera/server/platform/database/database';
import { statement } from '@tessera/server/platform/database/statement';
import { migrate } from '@tessera/server/platform/migrations/migrate';
import { armFailpoints, noFailpoints, type Failpoints } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import { expect } from 'chai';
import { seededChance, VirtualTime } from '../support/machine.ts';

const keysNow = statement((db, _: object) => db.selectFrom('meta').select('key'));

describe('group commit', () => {
  let directory: string;
  let database: Database;
  let batches: { commands: number; refused: number }[];
  let fatal: unknown[];

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tessera-commands-'));
    database = openDatabase(join(directory, 'tessera.db'));
    await migrate(database.db);
    batches = [];
    fatal = [];
  });
  afterEach(async () => {
    await database.close();
    rmSync(directory, { recursive: true });
  });

  const open = (failpoints: Failpoints = noFailpoints): Commands =>
    new Commands({
      database,
      clock: new VirtualTime(),
      failpoints,
      defer: (run) => {
        setImmediate(run);
      },
      fatal: (cause) => fatal.push(cause),
      seal: sealAudit,
      observe: (batch) => batches.push(batch),
    });
  const put = (key: string) => async (tx: Tx) => {
    await tx.db.insertInto('meta').values({ key, value: 'x' }).execute();
    return ok(key);
  };
  const keys = async (): Promise<string[]> =>
    (await database.db.selectFrom('meta').select('key').orderBy('key').execute()).map((row) => row.key);
  const run = <T>(commands: Commands, work: (tx: Tx) => Promise<T>) =>
    commands.run({ name: 'test', actor: 'cli', work: async (tx) => ok(await work(tx)) });

  it('commits what arrives together in one transaction', async () => {
    const commands = open();
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((key) => commands.run({ name: 'put', actor: 'cli', work: put(key) })),
    );
    expect(answers.every((answer) => answer.ok)).to.equal(true);
    expect(batches).to.have.length(1);
    expect(batches[0]).to.include({ commands: 3, refused: 0 });
    expect(await keys()).to.deep.equal(['a', 'b', 'c']);
  });

  it('undoes a refused command alone, keeps its record, runs none of its pushes', async () => {
    const commands = open();
    const pushed: string[] = [];
    const refused = commands.run({
      name: 'refused',
      actor: 'cli',
      work: async (tx) => {
        await put('lost')(tx);
        tx.afterCommit(() => pushed.push('refused'));
        return err(problem('conflict'));
      },
      onRefusal: async (tx) => {
        await tx.db.insertInto('meta').values({ key: 'record', value: 'x' }).execute();
      },
    });
    const fine = commands.run({
      name: 'fine',
      actor: 'cli',
      work: async (tx) => {
        tx.afterCommit(() => pushed.push('fine'));
        return put('kept')(tx);
      },
    });
    expect(await refused).to.have.nested.property('error.code', 'conflict');
    expect(await fine).to.deep.equal(ok('kept'));
    expect(await keys()).to.deep.equal(['kept', 'record']);
    expect(pushed).to.deep.equal(['fine']);
  });

  it('lets nobody read what is not committed, hot statement or not', async () => {
    const commands = open();
    const read: Promise<unknown>[] = [];
    const refused = await commands.run({
      name: 'refused',
      actor: 'cli',
      work: async (tx) => {
        await put('lost')(tx);
        expect(await keysNow(tx.db, {})).to.have.length(1);
        read.push(
          keysNow(database.db, {}),
          database.alone((own) => keysNow(own, {})),
          keys(),
        );
        await new Promise((resolve) => setImmediate(resolve));
        return err(problem('conflict'));
      },
    });
    expect(refused.ok).to.equal(false);
    expect(await Promise.all(read)).to.deep.equal([[], [], []]);
  });

  it('rejects only the command that has a bug', async () => {
    const commands = open();
    const broken = commands.run({
      name: 'broken',
      actor: 'cli',
      work: async (tx) => {
        await put('lost')(tx);
        throw new Error('bug');
      },
    });
    const fine = commands.run({ name: 'fine', actor: 'cli', work: put('kept') });
    expect(await broken.catch((cause: unknown) => String(cause))).to.equal('Error: bug');
    expect((await fine).ok).to.equal(true);
    expect(await keys()).to.deep.equal(['kept']);
  });

  it('answers overloaded beyond the bound of its queue', async () => {
    const commands = open();
    const many = Array.from({ length: 2100 }, (_, index) =>
      commands.run({ name: 'put', actor: 'cli', work: put(String(index)) }),
    );
    const answers = await Promise.all(many);
    const refused = answers.filter((answer) => !answer.ok);
    expect(refused).to.have.length(2100 - 2048);
    expect(refused[0]).to.have.nested.property('error.code', 'overloaded');
    expect(await keys()).to.have.length(2048);
  }).timeout(30_000);

  it('answers nobody when the commit fails, and ends', async () => {
    const commands = open(
      armFailpoints('server.commit.before', () => {
        throw new Error('no space on the disk');
      }),
    );
    let answered = false;
    void commands.run({ name: 'put', actor: 'cli', work: put('a') }).then(() => {
      answered = true;
    });
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (fatal.length > 0) resolve();
        else setImmediate(look);
      };
      look();
    });
    expect(answered).to.equal(false);
    expect(await commands.run({ name: 'put', actor: 'cli', work: put('b') })).to.have.nested.property(
      'error.code',
      'unavailable',
    );
  });

  it('chains every audit line, and finds each change of one', async () => {
    const commands = open();
    const audit = new Audit(seededChance(3));
    for (const name of ['one', 'two', 'three']) {
      await Promise.all([
        run(commands, (tx) => audit.write(tx, name, 'subject:1', { name })),
        run(commands, (tx) => audit.write(tx, `${name}b`, 'subject:2', {}, { person: 'Wei' })),
      ]);
    }
    expect(await brokenAuditLines(database.db)).to.deep.equal([]);
    const lines = await database.db.selectFrom('audit').selectAll().orderBy('seq').execute();
    expect(lines).to.have.length(6);
    expect(JSON.stringify(lines)).to.not.include('Wei');
    await database.db.updateTable('audit').set({ facts: '{"name":"four"}' }).where('seq', '=', 3).execute();
    expect((await brokenAuditLines(database.db)).map((line) => line.seq)).to.deep.equal([3]);
    await database.db.deleteFrom('audit').where('seq', '=', 3).execute();
    expect((await brokenAuditLines(database.db)).map((line) => line.seq)).to.deep.equal([4]);
  });
});
