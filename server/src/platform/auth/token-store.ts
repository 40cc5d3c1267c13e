import type { Clock } from '@tessera/shared/ports';
import type { Tx } from '../commands/commands.ts';
import type { Db } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { Authenticator, Principal } from './principal.ts';
import { tokenHash } from './tokens.ts';

export type TokenKind = Exclude<Principal['kind'], 'public'>;

const liveToken = statement((db, p: { hash: string; now: number }) =>
  db
    .selectFrom('tokens')
    .select(['principal_kind', 'principal_id'])
    .where('token_hash', '=', p.hash)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', p.now)])),
);

/** Stores a token's hash for its principal; `expiresAt` null means until it is revoked. */
export async function storeToken(
  tx: Tx,
  token: string,
  owner: { kind: TokenKind; id: string; expiresAt: number | null },
): Promise<void> {
  await tx.db
    .insertInto('tokens')
    .values({
      token_hash: tokenHash(token),
      principal_kind: owner.kind,
      principal_id: owner.id,
      created_at: tx.at,
      expires_at: owner.expiresAt,
      revoked_at: null,
    })
    .execute();
}

/** Ends one token; a token that is not there, or has ended, is fine. */
export async function revokeToken(tx: Tx, hash: string): Promise<void> {
  const live = tx.db.updateTable('tokens').set({ revoked_at: tx.at }).where('revoked_at', 'is', null);
  await live.where('token_hash', '=', hash).execute();
}

/** Ends every token of a principal. */
export async function revokeTokensOf(tx: Tx, kind: TokenKind, id: string): Promise<void> {
  const live = tx.db.updateTable('tokens').set({ revoked_at: tx.at }).where('revoked_at', 'is', null);
  await live.where('principal_kind', '=', kind).where('principal_id', '=', id).execute();
}

/** Says whether a stored token is still good. */
export async function isLiveToken(db: Db, hash: string, now: number): Promise<boolean> {
  return (await liveToken(db, { hash, now })).length > 0;
}

/** Finds a principal by its id; undefined where it may no longer act. */
export type FindPrincipal = (db: Db, id: string) => Promise<Principal | undefined>;

/** The authenticator of the API: a live token of a principal that may still act. */
export function createAuthenticator(parts: {
  db: Db;
  clock: Clock;
  find: Readonly<Record<TokenKind, FindPrincipal>>;
}): Authenticator {
  const { db, clock, find } = parts;
  return {
    async authenticate(token) {
      const [row] = await liveToken(db, { hash: tokenHash(token), now: clock.nowMs() });
      return row && find[row.principal_kind](db, row.principal_id);
    },
  };
}

/** Forgets tokens that ended more than a day ago. */
export async function forgetEndedTokens(tx: Tx): Promise<void> {
  const before = tx.at - 24 * 3_600_000;
  const ended = tx.db.deleteFrom('tokens');
  await ended.where((eb) => eb.or([eb('expires_at', '<', before), eb('revoked_at', '<', before)])).execute();
}
