import { createHash, timingSafeEqual } from 'node:crypto';
import type { Language } from '@tessera/shared/ids/schemas';
import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance, Clock } from '@tessera/shared/ports';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import { enqueue } from '../../platform/outbox/outbox.ts';
import { drawCode } from './draws.ts';
import type { Members } from './service.ts';
import * as store from './store.ts';

/** How long a code is good for, and how often it may be tried: six digits, five tries. */
const APPLICATION_MS = 15 * 60_000;
const CODE_TRIES = 5;

const codeHash = (applicationId: string, code: string): Buffer =>
  createHash('sha256').update(`${applicationId}\n${code}`).digest();

/** A person applies, proves an address with a code, and is a member with exactly one member ID. */
export class Applications {
  readonly #members: Members;
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #audit: Audit;

  constructor(parts: { members: Members; clock: Clock; chance: Chance; audit: Audit }) {
    this.#members = parts.members;
    this.#clock = parts.clock;
    this.#chance = parts.chance;
    this.#audit = parts.audit;
  }

  /**
   * Takes an application and sends its code. The answer is the same for an address that belongs to a member already:
   * strangers learn nothing.
   */
  async apply(
    tx: Tx,
    person: { name: string; language: Language; contact: store.Address },
  ): Promise<Refused<{ applicationId: string; expiresAt: number }>> {
    const { name, language, contact } = person;
    const applicationId = newUlid(this.#clock, this.#chance);
    const code = drawCode(this.#chance);
    const expiresAt = tx.at + APPLICATION_MS;
    await store.voidApplicationsOf(tx.db, contact);
    await store.insertApplication(tx.db, {
      application_id: applicationId,
      name,
      language,
      contact_kind: contact.kind,
      contact: contact.value,
      code_hash: codeHash(applicationId, code).toString('hex'),
      attempts: 0,
      state: 'pending',
      member_id: null,
      created_at: tx.at,
      expires_at: expiresAt,
    });
    await enqueue(tx, 'address_message', {
      channel: contact.kind,
      address: contact.value,
      language,
      kind: 'application_code',
      facts: { code, minutes: APPLICATION_MS / 60_000 },
    });
    await this.#audit.write(tx, 'application.received', `application:${applicationId}`);
    return ok({ applicationId, expiresAt });
  }

  /**
   * Tries a code. The right one makes the person a member, or answers the member ID that the address has already.
   * The outer result is the command's: a wrong code is counted, so it commits; the inner one is the caller's answer.
   */
  async verify(
    tx: Tx,
    attempt: { applicationId: string; code: string; pinHash: string | null },
  ): Promise<Refused<Result<{ memberId: string }, Problem>>> {
    const { applicationId, code, pinHash } = attempt;
    const application = await store.tryApplication(tx.db, applicationId, CODE_TRIES, tx.at);
    const expected = Buffer.from(application?.code_hash ?? '0'.repeat(64), 'hex');
    if (!timingSafeEqual(expected, codeHash(applicationId, code)) || !application) {
      return ok(err(problem('credential_refused')));
    }
    const address = { kind: application.contact_kind, value: application.contact };
    const known = await store.ownerOfAddress(tx.db, address);
    const memberId = known ?? (await this.#join(tx, application, address, pinHash));
    await store.endApplication(tx.db, applicationId, memberId);
    await this.#audit.write(tx, 'application.verified', `application:${applicationId}`, { memberId });
    return ok(ok({ memberId }));
  }

  async #join(
    tx: Tx,
    application: { name: string; language: Language },
    address: store.Address,
    pinHash: string | null,
  ): Promise<string> {
    const { name, language } = application;
    const added = await this.#members.add(tx, { name, language, address, pinHash });
    if (!added.ok) throw new Error('The address was free in this very transaction');
    return added.value.member_id;
  }
}
