import { buildServer } from '@tessera/server/app';
import { checkBooks } from '@tessera/server/features/check/index';
import { Ledger, noClearing, type ClearingPort } from '@tessera/server/features/ledger/index';
import type { Tx } from '@tessera/server/platform/commands/commands';
import type { Db } from '@tessera/server/platform/database/database';
import { silentLog } from '@tessera/server/platform/events/log';
import { mailboxOnly } from '@tessera/server/platform/messaging/mailer';
import { silentMetrics } from '@tessera/server/platform/metrics/metrics';
import { noFailpoints } from '@tessera/shared/ports';
import { ok } from '@tessera/shared/result';
import { expect } from 'chai';
import { freshDatabase } from './engine.ts';
import { seededChance, VirtualTime } from './machine.ts';
import { plainHasher } from './server.ts';

/** A ledger on a database of its own, with members and merchants to speak of. */
export interface Books {
  readonly db: Db;
  readonly ledger: Ledger;
  readonly time: VirtualTime;
  readonly members: readonly [string, string];
  readonly merchants: readonly [string, string];
  /** Runs one command. */
  run<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Earns points as one lot. */
  earn(memberId: string, points: number, change?: Partial<Parameters<Ledger['earn']>[1]>): Promise<string>;
  balances(memberId: string): ReturnType<Ledger['balancesOf']>;
  /** What each lot of a member has left, oldest first. */
  lots(memberId: string): Promise<number[]>;
  /** Every promise of the check holds. */
  expectSound(): Promise<void>;
  newId(): string;
  close(): Promise<void>;
}

/** What is checked of the capabilities that use the ledger: here nobody does. */
const elsewhere = ['payments-follow-holds', 'adjusted-by-two'];

export async function openBooks(clearing: ClearingPort = noClearing, seed = 7): Promise<Books> {
  const time = new VirtualTime();
  const chance = seededChance(seed);
  const database = await freshDatabase('memory');
  const server = await buildServer({
    databaseAddress: database.address,
    clock: time,
    scheduler: time,
    chance,
    failpoints: noFailpoints,
    defer: queueMicrotask,
    fatal: (cause) => {
      throw new Error('fatal', { cause });
    },
    hasher: plainHasher,
    mailer: mailboxOnly,
    metrics: silentMetrics,
    log: silentLog,
    help: '',
  });
  const { db } = server.foundation.database;
  const ledger = new Ledger(chance, clearing);
  let ids = 0;
  const newId = (): string => `id${String((ids += 1)).padStart(6, '0')}`;
  const run: Books['run'] = async (work) => {
    const done = await server.foundation.commands.run({
      name: 'test',
      actor: 'admin:a',
      work: async (tx) => ok(await work(tx)),
    });
    if (!done.ok) throw new Error(done.error.code);
    return done.value;
  };
  const members = await addMembers(server, run);
  const merchants = await addMerchants(db);
  return {
    db,
    ledger,
    time,
    members,
    merchants,
    run,
    earn: async (memberId, points, change = {}) => {
      const lot = { memberId, issuer: null, rule: 'test', points, expiresAt: null, reason: 'test', ...change };
      const earned = await run((tx) => ledger.earn(tx, lot));
      // Each lot of its own moment, so that the order of burning is known.
      await time.pass(1);
      return earned.lotId;
    },
    balances: (memberId) => ledger.balancesOf(db, memberId),
    lots: async (memberId) => {
      const rows = await db
        .selectFrom('point_lots')
        .select('remaining')
        .where('member_id', '=', memberId)
        .orderBy('earned_at')
        .execute();
      return rows.map((row) => row.remaining);
    },
    expectSound: async () => {
      const { checks } = await checkBooks(db, time.nowMs());
      const broken = checks.filter((check) => check.ok === false && !elsewhere.includes(check.name));
      expect(broken, JSON.stringify(broken)).to.deep.equal([]);
    },
    newId,
    close: async () => {
      await server.close();
      await database.remove();
    },
  };
}

async function addMembers(
  server: Awaited<ReturnType<typeof buildServer>>,
  run: Books['run'],
): Promise<[string, string]> {
  const add = async (name: string): Promise<string> => {
    const member = { name, language: 'en', pinHash: null, address: undefined } as const;
    const added = await run((tx) => server.alliance.members.add(tx, member));
    if (!added.ok) throw new Error(added.error.code);
    return added.value.member_id;
  };
  return [await add('Ana'), await add('Bo')];
}

async function addMerchants(db: Db): Promise<[string, string]> {
  await db.insertInto('industries').values({ industry_id: 'i', name: '{}', created_at: 0 }).execute();
  const add = async (merchant_id: string): Promise<string> => {
    await db
      .insertInto('merchants')
      .values({
        merchant_id,
        industry_id: 'i',
        name: merchant_id,
        state: 'active',
        terms: '',
        currency: 'EUR',
        rate_points: 1,
        rate_per_minor: 100,
        points_valid_days: null,
        points_expiry: null,
        applied_at: 0,
        signed_at: 0,
        active_at: 0,
        suspended_at: null,
        left_at: null,
      })
      .execute();
    return merchant_id;
  };
  return [await add('A'), await add('B')];
}
