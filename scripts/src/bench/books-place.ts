import type { Cluster } from '../harness/postgres/cluster.ts';
import { databaseFileOf } from './redemptions/fleet.ts';
import { join } from 'node:path';

/**
 * The address of new, empty books: a database in a cluster, or (without one) a file below the folder `name` in `dir`.
 * @param name of the part that they belong to: letters, digits and hyphens
 */
export async function newBooks(cluster: Cluster | undefined, dir: string, name: string): Promise<string> {
  if (!cluster) return databaseFileOf(join(dir, name));
  const database = name.replaceAll('-', '_');
  await cluster.call('createdb', database);
  return cluster.address(database);
}
