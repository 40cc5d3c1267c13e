import {
  formatRotatingQr,
  parseRotatingQr,
  stepAt,
  STEP_MS,
  verifyRotatingQr,
} from '@tessera/shared/credentials/rotating-qr';
import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance, Clock } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import type { Members } from '../members/index.ts';
import * as store from './store.ts';

const SECRET_BYTES = 32;

/** A member's code as their phone would show it now. */
export interface ShownCode {
  readonly text: string;
  readonly credentialId: string;
  /** When the next code comes, ms since the epoch. */
  readonly expiresAt: number;
}

/** A code that was taken: whose it is, and which step of which credential it used up. */
export interface TakenCode {
  readonly memberId: string;
  readonly credentialId: string;
  readonly step: number;
  /** The very step that was used last: only a scanner's repeat at the same place may be answered, with the same answer. */
  readonly repeat: boolean;
}

/** The rotating QR credentials of members: one a device. */
export class Credentials {
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #audit: Audit;
  readonly #members: Members;

  constructor(parts: { clock: Clock; chance: Chance; audit: Audit; members: Members }) {
    this.#clock = parts.clock;
    this.#chance = parts.chance;
    this.#audit = parts.audit;
    this.#members = parts.members;
  }

  /**
   * The code that a member's device shows now. Makes the credential at first; `another` makes a second device's where the
   * codes of this half minute are used up.
   */
  async show(tx: Tx, memberId: string, another: boolean): Promise<Refused<ShownCode>> {
    if (!(await this.#members.find(tx.db, memberId))) return err(problem('not_found'));
    const now = stepAt(tx.at);
    const known = await store.newestCredential(tx.db, memberId);
    const usedUp = known !== undefined && known.last_step > now;
    const credential = known && !(usedUp && another) ? known : await this.#add(tx, memberId);
    const step = Math.min(Math.max(now, credential.last_step + 1), now + 1);
    const text = formatRotatingQr(credential.secret, credential.credential_id, step);
    return ok({ text, credentialId: credential.credential_id, expiresAt: (step + 1) * STEP_MS });
  }

  async #add(tx: Tx, memberId: string): Promise<store.CredentialRow> {
    const row = await store.insertCredential(tx.db, {
      credential_id: newUlid(this.#clock, this.#chance),
      member_id: memberId,
      secret: Buffer.from(this.#chance.bytes(SECRET_BYTES)),
      last_step: 0,
      state: 'active',
      created_at: tx.at,
    });
    await this.#audit.write(tx, 'credential.added', `member:${memberId}`, { credentialId: row.credential_id });
    return row;
  }

  /** Ends all codes of a member: a lost phone. The next one that is shown belongs to a new credential. */
  async revoke(tx: Tx, memberId: string): Promise<Refused<null>> {
    if (!(await this.#members.find(tx.db, memberId))) return err(problem('not_found'));
    await store.revokeCredentials(tx.db, memberId);
    await this.#audit.write(tx, 'credential.revoked', `member:${memberId}`);
    return ok(null);
  }

  /** Takes a scanned text: right MAC, within the window, each step once. All that is wrong looks the same. */
  async take(tx: Tx, text: string): Promise<Refused<TakenCode>> {
    const refused = err(problem('credential_refused'));
    const code = parseRotatingQr(text);
    if (!code) return refused;
    const { credentialId, step } = code;
    const [row] = await store.credentialById(tx.db, { credentialId });
    if (!row) return refused;
    const verdict = verifyRotatingQr(code, row.secret, { nowMs: tx.at, lastStep: row.last_step });
    const taken = { memberId: row.member_id, credentialId, step };
    if (!verdict.ok) {
      return verdict.error === 'replayed' && step === row.last_step ? ok({ ...taken, repeat: true }) : refused;
    }
    const [raised] = await store.raiseStep(tx.db, { credentialId, step });
    return raised ? ok({ ...taken, repeat: false }) : refused;
  }
}
