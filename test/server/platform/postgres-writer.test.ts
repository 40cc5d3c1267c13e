import { Audit } from '@tessera/server/platform/audit/audit';
import { brokenAuditLines, sealAudit } from '@tessera/server/platform/audit/chain';
import { Commands, type Tx } from '@tessera/server/platform/commands/commands';
import { openDatabase, type Database } from '@tessera/server/platform/database/database';
import { statement } from '@tessera/server/platform/database/statement';
import { noFailpoints } from '@tessera/shared/ports';
import { ok } from '@tessera/shared/result';
import { expect } from 'chai';
import { sql } from 'kysely';
import { openCutProxy, type CutProxy } from '../support/cut-proxy.ts';
import { freshPostgres, type FreshDatabase } from '../support/engine.ts';
import { seededChance, VirtualTime } from '../support/machine.ts';

const insert = statement((db, p: { key: string; value: string }) =>
  db.insertInto('meta').values({ key: p.key, value: p.value }),
);

describe('batches on PostgreSQL', function () {
  this.timeout(120_000);
  let fresh: FreshDatabase;
  let proxy: CutProxy;
  let database: Database;
  let fatal: unknown[];

  before('the cluster', async () => {
    fresh = await freshPostgres();
    await fresh.remove();
  });
  beforeEach(async () => {
    fresh = await freshPostgres();
    proxy = await openCutProxy(fresh.address);
    database = openDatabase(proxy.address);
    fatal = [];
  });
  afterEach(async () => {
    await database.close();
    await proxy.close();
    await fresh.remove();
    expect(fatal).to.deep.equal([]);
  });

  const commandsOn = (on: Database): Commands =>
    new Commands({
      database: on,
      clock: new VirtualTime(),
      failpoints: noFailpoints,
      defer: (run) => {
        setImmediate(run);
      },
      fatal: (cause) => fatal.push(cause),
      seal: sealAudit,
    });
  const run = <T>(commands: Commands, work: (tx: Tx) => Promise<T>) =>
    commands.run({ name: 'test', actor: 'cli', work: async (tx) => ok(await work(tx)) });
  const values = async (): Promise<string[]> =>
    (await database.db.selectFrom('meta').select('value').orderBy('key').execute()).map((row) => row.value);

  for (const [lost, runs] of [
    ['question', 2],
    ['answer', 1],
  ] as const) {
    it(`has one effect and answers, where the ${lost} of a COMMIT is lost`, async () => {
      const commands = commandsOn(database);
      expect(await run(commands, (tx) => insert(tx.db, { key: 'a', value: 'before' }))).to.include({ ok: true });
      const audit = new Audit(seededChance(1));
      let [ran, pushed] = [0, 0];
      proxy.lose(lost);
      const answer = await run(commands, async (tx) => {
        ran += 1;
        tx.afterCommit(() => (pushed += 1));
        await insert(tx.db, { key: 'b', value: `run ${String(ran)}` });
        await audit.write(tx, 'test', 'subject:1');
        return ran;
      });
      expect(answer).to.deep.equal(ok(runs));
      expect([ran, pushed]).to.deep.equal([runs, 1]);
      expect(await values()).to.deep.equal(['before', `run ${String(runs)}`]);
      expect(await database.db.selectFrom('audit').select('seq').execute()).to.have.length(1);
      expect(await run(commands, (tx) => insert(tx.db, { key: 'c', value: 'after' }))).to.include({ ok: true });
    });
  }

  it('runs a batch again whose connection ended in the middle, all of its commands and none twice', async () => {
    const commands = commandsOn(database);
    let ended = false;
    const answers = await Promise.all([
      run(commands, (tx) => insert(tx.db, { key: 'a', value: 'first' })),
      run(commands, async (tx) => {
        await insert(tx.db, { key: 'b', value: 'second' });
        if (ended) return;
        ended = true;
        await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx.db);
      }),
      run(commands, (tx) => insert(tx.db, { key: 'c', value: 'third' })),
    ]);
    expect(answers.every((answer) => answer.ok)).to.equal(true);
    expect(await values()).to.deep.equal(['first', 'second', 'third']);
  });

  it('rejects only the command whose write failed, although nobody waited for that write', async () => {
    const commands = commandsOn(database);
    const results = await Promise.allSettled([
      run(commands, (tx) => insert(tx.db, { key: 'a', value: 'first' })),
      run(commands, (tx) => insert(tx.db, { key: 'a', value: 'again' })),
      run(commands, (tx) => insert(tx.db, { key: 'b', value: 'third' })),
    ]);
    expect(results.map((result) => result.status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled']);
    expect(await values()).to.deep.equal(['first', 'third']);
  });

  it('lets commands of several servers read and then write as if each were alone', async () => {
    const second = openDatabase(fresh.address);
    const servers = [commandsOn(database), commandsOn(second)];
    const audit = new Audit(seededChance(2));
    await database.db.insertInto('meta').values({ key: 'count', value: '0' }).execute();
    const raise = async (tx: Tx): Promise<void> => {
      const { value } = await tx.db.selectFrom('meta').select('value').executeTakeFirstOrThrow();
      await tx.db
        .updateTable('meta')
        .set({ value: String(Number(value) + 1) })
        .execute();
      await audit.write(tx, 'raised', 'count');
    };
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(servers.flatMap((each) => [run(each, raise), run(each, raise), run(each, raise)]));
    }
    await second.close();
    expect(await values()).to.deep.equal(['120']);
    expect(await brokenAuditLines(database.db)).to.deep.equal([]);
    expect(await database.db.selectFrom('audit').select('seq').execute()).to.have.length(120);
  });

  it('hears the words of its neighbours after their commit alone, and holds a mark against them', async () => {
    const second = openDatabase(fresh.address);
    const heard: string[] = [];
    const last = new Promise<void>((resolve) => {
      second.neighbours.listen(
        (word) => {
          heard.push(word);
          if (word === 'kept') resolve();
        },
        () => undefined,
      );
    });
    expect(await second.neighbours.take('a mark')).to.equal(true);
    expect(await database.neighbours.take('a mark')).to.equal(false);
    await second.neighbours.drop('a mark');
    expect(await database.neighbours.take('a mark')).to.equal(true);
    const commands = commandsOn(database);
    const undone = run(commands, async (tx) => {
      await database.neighbours.say(tx.db, 'undone');
      throw new Error('bug');
    });
    expect(await undone.catch(String)).to.equal('Error: bug');
    expect(await run(commands, (tx) => database.neighbours.say(tx.db, 'kept'))).to.include({ ok: true });
    await last;
    expect(heard).to.deep.equal(['kept']);
    await second.close();
  });
});
