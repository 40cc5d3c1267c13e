import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster } from '@tessera/scripts/harness/postgres/cluster';
import type { Engine } from '@tessera/server/platform/database/port';
import { openDatabase } from '@tessera/server/platform/database/database';
import { migrate } from '@tessera/server/platform/migrations/migrate';
import pg from 'pg';

/** Which engine the tests run on: TESSERA_TEST_ENGINE=postgres, or SQLite. */
export const engine: Engine = process.env['TESSERA_TEST_ENGINE'] === 'postgres' ? 'postgres' : 'sqlite';

/** A database of a test's own, brought to the newest schema on first use, and how to be rid of it. */
export interface FreshDatabase {
  readonly address: string;
  /** After everybody has closed it. */
  remove(): Promise<void>;
}

const TEMPLATE = 'tessera_template';

let opened: Promise<Cluster> | undefined;

/** The throw-away cluster of this process; it ends with the tests. */
function testCluster(): Promise<Cluster> {
  opened ??= makeCluster();
  return opened;
}

async function makeCluster(): Promise<Cluster> {
  const cluster = await Cluster.make(['max_connections=200']);
  await cluster.call('createdb', TEMPLATE);
  const template = openDatabase(cluster.address(TEMPLATE));
  await migrate(template.db);
  await template.close();
  return cluster;
}

/** Making a cluster takes longer than a test may. */
const CLUSTER_MS = 120_000;

if (engine === 'postgres') {
  before('make the cluster', async function () {
    this.timeout(CLUSTER_MS);
    await testCluster();
  });
}

after('end the cluster', async () => {
  await (await opened)?.close();
});

/** A database on the engine of this run. In memory where SQLite may have it so. */
export async function freshDatabase(where: 'memory' | 'file' = 'file'): Promise<FreshDatabase> {
  if (engine === 'postgres') return freshPostgres();
  if (where === 'memory') return { address: ':memory:', remove: () => Promise.resolve() };
  const directory = mkdtempSync(join(tmpdir(), 'tessera-test-'));
  const remove = (): Promise<void> => rm(directory, { recursive: true });
  return { address: join(directory, 'tessera.db'), remove };
}

/** A PostgreSQL database of a test's own, whatever the engine of this run. */
export async function freshPostgres(): Promise<FreshDatabase> {
  const cluster = await testCluster();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asSuperuser(cluster, `create database ${name} template ${TEMPLATE}`);
  const remove = () => asSuperuser(cluster, `drop database if exists ${name} with (force)`);
  return { address: cluster.address(name), remove };
}

/** What `serve` needs in its environment to run on an engine, that of this run unless told: nothing for SQLite below its data folder. */
export async function freshServerEnv(
  on = engine,
): Promise<Pick<FreshDatabase, 'remove'> & { env: Record<string, string> }> {
  if (on === 'sqlite') return { env: {}, remove: () => Promise.resolve() };
  const fresh = await freshPostgres();
  return { env: { DATABASE_URL: fresh.address }, remove: () => fresh.remove() };
}

const DROP_CHECKS = `do $$ declare each record; begin
  for each in select conrelid::regclass as of, conname as name from pg_constraint where contype = 'c' and conrelid <> 0 loop
    execute format('alter table %s drop constraint %I', each.of, each.name);
  end loop; end $$`;

/**
 * A copy of a database that nobody has open, in which anything may be written: for tampering.
 * `first`: what its one connection has to be told before.
 */
export async function unguardedCopy(address: string): Promise<FreshDatabase & { first: readonly string[] }> {
  if (!address.startsWith('postgres')) {
    const copy = await freshDatabase();
    copyFileSync(address, copy.address);
    return { ...copy, first: ['pragma foreign_keys = off', 'pragma ignore_check_constraints = on'] };
  }
  const cluster = await testCluster();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asSuperuser(cluster, `create database ${name} template ${new URL(address).pathname.slice(1)}`);
  const remove = () => asSuperuser(cluster, `drop database if exists ${name} with (force)`);
  return { address: cluster.address(name), remove, first: ['set session_replication_role = replica', DROP_CHECKS] };
}

async function asSuperuser(cluster: Cluster, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: cluster.address('postgres') });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
