import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { CompiledQuery } from 'kysely';
import { openDatabase, type Database, type Db } from '@tessera/server/platform/database/database';
import { SimulatedDatabase } from '../../scripts/src/simulate/simulated-database.ts';

const TABLE = 'create table goods (slot integer primary key, units integer not null check (units >= 0))';

/** What a command does, in the words of the server's group commit. */
type Deed =
  | { readonly kind: 'put'; readonly slot: number; readonly units: number }
  | { readonly kind: 'take'; readonly slot: number; readonly units: number }
  | { readonly kind: 'forget'; readonly slot: number };
type Command = { readonly deeds: readonly Deed[]; readonly refused: boolean };
/** Commands that share a transaction. `killedAt`: the process ends after so many statements; before, or right after, the commit. */
type Batch = { readonly commands: readonly Command[]; readonly killedAt: number | null };

const slot = fc.integer({ min: 1, max: 4 });
const units = fc.integer({ min: 0, max: 5 });
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), slot, units }),
  fc.record({ kind: fc.constant('take' as const), slot, units }),
  fc.record({ kind: fc.constant('forget' as const), slot }),
);
const command = fc.record({ deeds: fc.array(deed, { maxLength: 4 }), refused: fc.boolean() });
const batch: fc.Arbitrary<Batch> = fc.record({
  commands: fc.array(command, { minLength: 1, maxLength: 3 }),
  killedAt: fc.option(fc.nat(20), { freq: 2, nil: null }),
});

const sqlOf = (what: Deed): readonly [string, readonly unknown[]] => {
  switch (what.kind) {
    case 'put':
      return ['insert into goods (slot, units) values (?, ?) returning slot', [what.slot, what.units]];
    case 'take':
      return ['update goods set units = units - ? where slot = ? returning units', [what.units, what.slot]];
    case 'forget':
      return ['delete from goods where slot = ?', [what.slot]];
  }
};

class Killed extends Error {}

/** Runs a batch as the server's group commit does, and tells what each statement answered. */
async function runBatch(database: Database, { commands, killedAt }: Batch, seen: string[]): Promise<void> {
  await database.alone(async (db) => {
    let statements = 0;
    const run = async (text: string, parameters: readonly unknown[] = []): Promise<void> => {
      if (statements === killedAt) throw new Killed();
      statements += 1;
      const { rows } = await db.executeQuery(CompiledQuery.raw(text, [...parameters]));
      seen.push(JSON.stringify(rows));
    };
    await run('begin immediate');
    for (const each of commands) {
      await run('savepoint command');
      try {
        for (const what of each.deeds) await run(...sqlOf(what));
        if (each.refused) await run('rollback to command');
      } catch (cause) {
        if (cause instanceof Killed) throw cause;
        seen.push('failed');
        await run('rollback to command');
      }
      await run('release command');
    }
    await run('commit');
  });
}

const rowsOf = async (db: Db): Promise<unknown> =>
  (await db.executeQuery(CompiledQuery.raw('select slot, units from goods order by slot'))).rows;

/** A database of real files. A kill leaves what the files hold at that moment, for another process to open. */
class RealSide {
  #copies = 0;
  database: Database;

  constructor(private file: string) {
    this.database = openDatabase(file);
  }

  async kill(): Promise<void> {
    const copy = `${this.file}-${String((this.#copies += 1))}`;
    for (const part of ['', '-wal']) if (existsSync(this.file + part)) copyFileSync(this.file + part, copy + part);
    const dead = this.database;
    this.database = openDatabase(copy);
    this.file = copy;
    await dead.close();
  }
}

describe('the simulated database', function () {
  this.timeout(120_000);
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tessera-database-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('answers as the real one on its files does, and holds the same after any kill', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 8 }), async (batches) => {
        const real = new RealSide(join(folder, `${String((runs += 1))}.db`));
        const model = new SimulatedDatabase();
        let life = { isAlive: true };
        const lease = (): Database => {
          const own = { isAlive: true };
          life = own;
          return model.lease(() => {
            if (!own.isAlive) throw new Killed();
          });
        };
        let simulated = lease();
        for (const { db } of [real.database, simulated]) await db.executeQuery(CompiledQuery.raw(TABLE));
        for (const each of batches) {
          const [really, there]: [string[], string[]] = [[], []];
          const ends = await Promise.allSettled([
            runBatch(real.database, each, really),
            runBatch(simulated, each, there),
          ]);
          expect(ends[0].status).to.equal(ends[1].status);
          expect(there).to.deep.equal(really);
          if (each.killedAt !== null) {
            await real.kill();
            life.isAlive = false;
            model.crash();
            simulated = lease();
          }
          expect(await rowsOf(simulated.db)).to.deep.equal(await rowsOf(real.database.db));
        }
        await real.database.close();
        model.close();
      }),
      { numRuns: 40 },
    );
  });
});
