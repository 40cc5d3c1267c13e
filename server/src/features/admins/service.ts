import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance, Clock } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import { OPERATOR_ID } from '../../platform/auth/principal.ts';
import type { FindPrincipal } from '../../platform/auth/token-store.ts';
import { revokeToken, storeToken } from '../../platform/auth/token-store.ts';
import { newToken, tokenHash } from '../../platform/auth/tokens.ts';
import type { Commands, Refused, Tx } from '../../platform/commands/commands.ts';
import type { SecretCheck } from '../../platform/crypto/decoy.ts';
import type { Db } from '../../platform/database/database.ts';
import type { Throttle } from '../../platform/throttle/throttle.ts';
import { adminById, adminByLogin, allAdmins, insertAdmin } from './store.ts';

/** How long a signed-in session lasts: a working day. */
const SESSION_MS = 12 * 3_600_000;

export interface AdminParts {
  readonly db: Db;
  readonly commands: Commands;
  readonly audit: Audit;
  readonly secrets: SecretCheck;
  readonly clock: Clock;
  readonly chance: Chance;
  /** Attempts from one network address. */
  readonly addressThrottle: Throttle;
  /** Attempts at one login from one address: nobody can lock somebody else out from afar. */
  readonly loginThrottle: Throttle;
}

export interface Session {
  readonly token: string;
  readonly expiresAt: number;
  readonly admin: { readonly id: string; readonly login: string; readonly name: string };
}

/** Who is behind an admin's token, if they may still act. */
export const findAdmin: FindPrincipal = async (db, id) => {
  if (id === OPERATOR_ID) return { kind: 'admin', id, name: 'operator' };
  const [row] = await adminById(db, { id });
  return row?.state === 'active' ? { kind: 'admin', id, name: row.name } : undefined;
};

/** Staff: who they are and how they sign in. */
export class Admins {
  readonly #parts: AdminParts;

  constructor(parts: AdminParts) {
    this.#parts = parts;
  }

  /** Signs a person in. Unknown login and wrong password look and take the same. */
  async signIn(login: string, password: string, address: string): Promise<Refused<Session>> {
    const { db, secrets, addressThrottle, loginThrottle } = this.#parts;
    const fromAddress = await addressThrottle.attempt(address);
    if (!fromAddress.ok) return fromAddress;
    const atLogin = await loginThrottle.attempt(`${address} ${login}`);
    if (!atLogin.ok) return atLogin;
    const row = await adminByLogin(db, login);
    const right = await secrets.matches(row?.password_hash, password);
    if (!row || !right || row.state !== 'active') return err(problem('credential_refused'));
    await addressThrottle.undo(address);
    await loginThrottle.clear(`${address} ${login}`);
    return this.#open({ id: row.admin_id, login: row.login, name: row.name });
  }

  #open(admin: Session['admin']): Promise<Refused<Session>> {
    const { commands, audit, chance } = this.#parts;
    const token = newToken('tsa', chance);
    return commands.run<Session>({
      name: 'admins.sign-in',
      actor: `admin:${admin.id}`,
      work: async (tx) => {
        const expiresAt = tx.at + SESSION_MS;
        await storeToken(tx, token, { kind: 'admin', id: admin.id, expiresAt });
        await audit.write(tx, 'admin.signed_in', `admin:${admin.id}`);
        return ok({ token, expiresAt, admin });
      },
    });
  }

  /** Ends the session of a token. */
  async signOut(adminId: string, token: string): Promise<Refused<null>> {
    const { commands, audit } = this.#parts;
    return commands.run<null>({
      name: 'admins.sign-out',
      actor: `admin:${adminId}`,
      work: async (tx) => {
        await revokeToken(tx, tokenHash(token));
        await audit.write(tx, 'admin.signed_out', `admin:${adminId}`);
        return ok(null);
      },
    });
  }

  /** Adds a person; `conflict` where the login is taken. The password is hashed before. */
  async add(tx: Tx, person: { login: string; name: string; passwordHash: string }): Promise<Refused<string>> {
    const { clock, chance, audit } = this.#parts;
    const id = newUlid(clock, chance);
    const added = await insertAdmin(tx.db, { ...person, id, at: tx.at });
    if (!added) return err(problem('conflict', { detail: 'This login is taken.' }));
    await audit.write(tx, 'admin.added', `admin:${id}`, {}, { login: person.login });
    return ok(id);
  }

  /** Everybody who may sign in. */
  list(db: Db) {
    return allAdmins(db);
  }
}
