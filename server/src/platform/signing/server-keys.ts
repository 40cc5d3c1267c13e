import { createPublicKey, type KeyObject } from 'node:crypto';
import { privateKeyOfSeed, publicKeyText } from '@tessera/shared/credentials/signature';
import type { Chance, Clock } from '@tessera/shared/ports';
import type { Db } from '../database/database.ts';

/** The server's Ed25519 keys: one signs, all of them verify. */
export interface ServerKeys {
  readonly current: { readonly keyId: string; readonly key: KeyObject };
  /** Public keys by id, retired ones too: what they signed may still come back. */
  readonly byId: ReadonlyMap<string, KeyObject>;
  /** What kiosks are given. */
  readonly published: readonly { readonly keyId: string; readonly publicKey: string }[];
}

/** Loads the keys from the database; the first start makes one. */
export async function loadServerKeys(db: Db, clock: Clock, chance: Chance): Promise<ServerKeys> {
  const stored = await db.selectFrom('server_keys').selectAll().orderBy('created_at').orderBy('key_id').execute();
  const rows = stored.length > 0 ? stored : [await makeKey(db, clock, chance)];
  const newest = rows.filter((row) => row.retired_at === null).at(-1);
  if (!newest) throw new Error('Every signing key of this server is retired');
  return {
    current: { keyId: newest.key_id, key: privateKeyOfSeed(newest.seed) },
    byId: new Map(rows.map((row) => [row.key_id, createPublicKey(privateKeyOfSeed(row.seed))])),
    published: rows.map((row) => ({ keyId: row.key_id, publicKey: row.public_key })),
  };
}

async function makeKey(db: Db, clock: Clock, chance: Chance) {
  const seed = Buffer.from(chance.bytes(32));
  const row = {
    key_id: Buffer.from(chance.bytes(6)).toString('base64url'),
    seed,
    public_key: publicKeyText(privateKeyOfSeed(seed)),
    created_at: clock.nowMs(),
    retired_at: null,
  };
  await db.insertInto('server_keys').values(row).execute();
  return row;
}
