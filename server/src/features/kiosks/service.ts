import { publicKeyOfText } from '@tessera/shared/credentials/signature';
import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';
import { problem, type Problem } from '@tessera/shared/problem';
import type { HelloBody } from '@tessera/shared/protocol/kiosk';
import type { JournalHead } from '@tessera/shared/protocol/kiosk-parts';
import { err, ok, type Result } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { CODE_VALID_MS, hashEnrolmentCode, newEnrolmentCode } from './enrolment-code.ts';
import type { KioskSignals } from './signals.ts';
import * as store from './store.ts';
import type { KioskRow } from './store.ts';

export type { KioskRow } from './store.ts';

/** A fresh code and until when it works (ms since the epoch). */
export interface EnrolmentCode {
  readonly kioskId: string;
  readonly enrolmentCode: string;
  readonly expiresAt: number;
}

interface KiosksOptions {
  readonly chance: Chance;
  readonly audit: Audit;
  readonly signals: KioskSignals;
}

/** The register of kiosks: enrolment, revocation, where each journal stands, which connection is the newest. */
export class Kiosks {
  readonly #options: KiosksOptions;

  constructor(options: KiosksOptions) {
    this.#options = options;
  }

  /** Registers a kiosk that does not exist yet in the world, with the code that its device enrols with. */
  async create(tx: Tx, name: string): Promise<EnrolmentCode> {
    const kioskId = `k${newUlid({ nowMs: () => tx.at }, this.#options.chance)}`;
    const fresh = { public_key: null, enrolled_at: null, journal_epoch: null, last_seen_at: null, status: null };
    const start = { journal_seq: 0, journal_hash: '', counter: 0, planogram_version: 0, config_revision: 1 };
    await store.insertKiosk(tx.db, { kiosk_id: kioskId, name, state: 'new', created_at: tx.at, ...fresh, ...start });
    await this.#options.audit.write(tx, 'kiosk.created', `kiosk:${kioskId}`, { name });
    return this.#code(tx, kioskId);
  }

  /** Makes a new code for a known kiosk (first device, lost journal, revoked or exchanged device); older codes are void. */
  async renewCode(tx: Tx, kioskId: string): Promise<Result<EnrolmentCode, Problem>> {
    if (!(await this.find(tx.db, kioskId))) return err(problem('not_found'));
    await store.voidCodes(tx.db, kioskId, tx.at);
    await this.#options.audit.write(tx, 'kiosk.code_made', `kiosk:${kioskId}`);
    return ok(await this.#code(tx, kioskId));
  }

  /** Binds a device's public key to the kiosk of a code. The code works once; older keys stop working. */
  async enrol(tx: Tx, code: string, publicKey: string, name?: string): Promise<Result<KioskRow, Problem>> {
    const used = await store.useCode(tx.db, hashEnrolmentCode(code), tx.at);
    if (!used) return err(problem('enrolment_code_invalid'));
    if (!publicKeyOfText(publicKey)) {
      return err(problem('invalid_fields', { fields: { '/publicKey': 'This is not an Ed25519 public key.' } }));
    }
    if (await store.publicKeyInUse(tx.db, publicKey)) {
      return err(problem('conflict', { detail: 'This key is enrolled already. Make a new key for a new enrolment.' }));
    }
    const kioskId = used.kiosk_id;
    await store.updateKiosk(tx.db, kioskId, {
      state: 'enrolled',
      public_key: publicKey,
      enrolled_at: tx.at,
      counter: 0,
      ...(name === undefined ? {} : { name }),
    });
    await this.#options.audit.write(tx, 'kiosk.enrolled', `kiosk:${kioskId}`, { publicKey });
    await this.#options.signals.mustClose(tx, kioskId, 'kiosk_revoked');
    const row = await this.find(tx.db, kioskId);
    return row ? ok(row) : err(problem('not_found'));
  }

  /** Ends a device's trust at once; its connection is closed. */
  async revoke(tx: Tx, kioskId: string, reason: string): Promise<Result<KioskRow, Problem>> {
    const kiosk = await this.find(tx.db, kioskId);
    if (!kiosk) return err(problem('not_found'));
    await store.voidCodes(tx.db, kioskId, tx.at);
    await this.#end(tx, kioskId, 'revoked', 'kiosk_revoked');
    await this.#options.audit.write(tx, 'kiosk.revoked', `kiosk:${kioskId}`, { reason });
    return ok({ ...kiosk, state: 'revoked' });
  }

  /** The journal was lost, restored or cloned: nothing more is accepted until the kiosk is enrolled again. */
  async journalLost(tx: Tx, kioskId: string): Promise<void> {
    await this.#end(tx, kioskId, 'journal_lost', 'journal_lost');
    await this.#options.audit.write(tx, 'kiosk.journal_lost', `kiosk:${kioskId}`);
  }

  async find(db: Db, kioskId: string): Promise<KioskRow | undefined> {
    return (await store.kioskById(db, { kioskId }))[0];
  }

  /** Kiosks by id, after the last one of the page before. */
  async list(db: Db, page: { after: string; limit: number }): Promise<KioskRow[]> {
    return store.kiosksAfter(db, page.after, page.limit);
  }

  /**
   * Lets a command of a connection through only while it is the newest of an enrolled kiosk. Remembers how far the journal
   * has come, where the command tells it, so that an older copy of it is known as one.
   */
  async fence(tx: Tx, kioskId: string, counter: number, head?: JournalHead): Promise<Result<KioskRow, Problem>> {
    const [passed] = head ? await store.passWithHead(tx.db, { kioskId, counter, ...head }) : [];
    if (passed) return ok(passed);
    const kiosk = await this.find(tx.db, kioskId);
    if (kiosk?.state !== 'enrolled') return err(notServed(kiosk));
    return kiosk.counter === counter ? ok(kiosk) : err(problem('kiosk_superseded'));
  }

  /** Accepts a hello: this connection is the newest from now on, and this is where its journal stands. */
  async connected(tx: Tx, kioskId: string, hello: HelloBody): Promise<void> {
    const { epoch, seq, hash } = hello.journal;
    await store.updateKiosk(tx.db, kioskId, {
      counter: hello.counter,
      journal_epoch: epoch,
      journal_seq: seq,
      journal_hash: hash,
      last_seen_at: tx.at,
    });
    await this.#options.signals.connected(tx, kioskId, hello.counter);
  }

  async sawStatus(tx: Tx, kioskId: string, status: string): Promise<void> {
    await store.saveStatus(tx.db, { kioskId, status, at: tx.at });
  }

  /**
   * Something that the kiosk keeps has changed. `planogram`: a reward or a price too, so that what is on its screen is stale.
   * `quiet` where the kiosk itself caused it and knows.
   */
  async changed(tx: Tx, kioskId: string, what: 'planogram' | 'stock' | 'quiet'): Promise<void> {
    await store.raiseRevision(tx.db, { kioskId, planogramSteps: what === 'planogram' ? 1 : 0 });
    if (what === 'quiet') return;
    await this.#options.signals.configChanged(tx, kioskId);
  }

  async #code(tx: Tx, kioskId: string): Promise<EnrolmentCode> {
    const enrolmentCode = newEnrolmentCode(this.#options.chance);
    const expiresAt = tx.at + CODE_VALID_MS;
    await store.insertCode(tx.db, {
      code_hash: hashEnrolmentCode(enrolmentCode),
      kiosk_id: kioskId,
      created_by: tx.actor,
      created_at: tx.at,
      expires_at: expiresAt,
      used_at: null,
    });
    return { kioskId, enrolmentCode, expiresAt };
  }

  async #end(
    tx: Tx,
    kioskId: string,
    state: 'revoked' | 'journal_lost',
    code: 'kiosk_revoked' | 'journal_lost',
  ): Promise<void> {
    await store.updateKiosk(tx.db, kioskId, { state });
    await this.#options.signals.mustClose(tx, kioskId, code);
  }
}

/** Why a kiosk in this state is not served; an unknown one looks like one with a wrong key. */
export function notServed(kiosk: KioskRow | undefined): Problem {
  if (kiosk?.state === 'revoked') return problem('kiosk_revoked');
  if (kiosk?.state === 'journal_lost') return problem('journal_lost');
  return problem('bad_signature');
}
