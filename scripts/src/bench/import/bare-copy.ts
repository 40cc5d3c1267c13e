import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '@tessera/server/platform/database/database';
import { migrate } from '@tessera/server/platform/migrations/migrate';
import type { Cluster } from '../../harness/postgres/cluster.ts';
import { PARENTS, TABLES } from './bare-tables.ts';

/**
 * The yardstick on PostgreSQL: the very rows that the import wrote, by COPY: the same tables, indexes, references and
 * durability, in the order in which they came, one transaction, nothing decided. Answers the seconds of the copying and the commit.
 * @param target a database that does not exist yet
 */
export async function copyBare(cluster: Cluster, source: string, target: string): Promise<number> {
  await cluster.call('createdb', target);
  const made = openDatabase(cluster.address(target));
  await migrate(made.db);
  await made.close();
  const fileOf = (table: string): string => join(cluster.folder, `${table}.copy`);
  const take = (table: string): string => `copy ${table} from '${fileOf(table)}'`;
  const all = [...PARENTS.map((table) => [table, '1'] as const), ...TABLES];
  try {
    for (const [table, order] of all) {
      await cluster.sql(source, `copy (select * from ${table} order by ${order}) to '${fileOf(table)}'`);
    }
    for (const table of PARENTS) await cluster.sql(target, take(table));
    await cluster.sql(target, 'checkpoint');
    const started = performance.now();
    await cluster.sql(target, ['begin', ...TABLES.map(([table]) => take(table)), 'commit'].join('; '));
    return (performance.now() - started) / 1000;
  } finally {
    for (const [table] of all) rmSync(fileOf(table), { force: true });
  }
}
