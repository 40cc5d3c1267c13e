import type { Language } from '@tessera/shared/ids/schemas';
import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance, Clock } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { assert, err, ok } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { drawMemberId } from './draws.ts';
import { maskAddress, maskName } from './masks.ts';
import * as store from './store.ts';

/** What other capabilities may know of a member. */
export interface MemberSummary {
  readonly memberId: string;
  readonly name: string;
  readonly maskedName: string;
  readonly language: Language;
  readonly status: store.MemberRow['state'];
  /** Where messages go, masked; null where the member has no verified address. */
  readonly receiptTo: string | null;
}

/** What a till may know of a member. */
export interface MemberGlance {
  readonly memberId: string;
  readonly maskedName: string;
  readonly status: store.MemberRow['state'];
  /** `MM-DD`. */
  readonly birthday: string | null;
}

export interface NewMember {
  readonly name: string;
  readonly language: Language;
  /** An address whose ownership was proven. */
  readonly address: store.Address | undefined;
  readonly pinHash: string | null;
}

/** With a billion ids and far fewer members, twenty draws never all hit a taken one. */
const DRAWS = 20;

/** Members of the alliance: one person, one member ID. */
export class Members {
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #audit: Audit;

  constructor(parts: { clock: Clock; chance: Chance; audit: Audit }) {
    this.#clock = parts.clock;
    this.#chance = parts.chance;
    this.#audit = parts.audit;
  }

  /** Makes a member; `conflict` where the address belongs to one already. */
  async add(tx: Tx, member: NewMember): Promise<Refused<store.MemberRow>> {
    const { address } = member;
    if (address && (await store.ownerOfAddress(tx.db, address)) !== undefined) {
      return err(problem('conflict', { detail: 'This address belongs to a member already.' }));
    }
    const row = await this.#insert(tx, member);
    if (address) {
      await store.insertAddress(tx.db, { ...address, member_id: row.member_id, verified_at: tx.at });
    }
    await this.#audit.write(tx, 'member.added', `member:${row.member_id}`, {}, { name: member.name });
    return ok(row);
  }

  async #insert(tx: Tx, member: NewMember): Promise<store.MemberRow> {
    const { name, language, pinHash } = member;
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const row = {
        member_id: drawMemberId(this.#chance),
        name,
        language,
        state: 'active',
        pin_hash: pinHash,
        birthday: null,
        created_at: tx.at,
      } as const;
      if (await store.insertMember(tx.db, row)) return row;
    }
    assert(false, 'a free member ID is found within twenty draws');
  }

  /** Sets the PIN by its hash; the hash is made before the command. */
  async setPin(tx: Tx, memberId: string, pinHash: string): Promise<Refused<null>> {
    const row = await store.updateMember(tx.db, memberId, { pin_hash: pinHash });
    if (!row) return err(problem('not_found'));
    await this.#audit.write(tx, 'member.pin_set', `member:${memberId}`);
    return ok(null);
  }

  /** Keeps a birthday (`MM-DD`), or forgets it. */
  async setBirthday(tx: Tx, memberId: string, birthday: string | null): Promise<Refused<null>> {
    const row = await store.updateMember(tx.db, memberId, { birthday });
    if (!row) return err(problem('not_found'));
    await this.#audit.write(tx, 'member.birthday', `member:${memberId}`, { known: birthday !== null });
    return ok(null);
  }

  /** Suspends a member or lets them back in; points stay as they are. */
  async setState(tx: Tx, memberId: string, state: 'active' | 'suspended'): Promise<Refused<store.MemberRow>> {
    const row = await store.updateMember(tx.db, memberId, { state });
    if (!row) return err(problem('not_found'));
    await this.#audit.write(tx, `member.${state}`, `member:${memberId}`);
    return ok(row);
  }

  /** Adds a friend or relative whom a member names. Naming somebody is not their consent. */
  async addContact(
    tx: Tx,
    memberId: string,
    contact: { name: string; relation: string; kind: 'email' | 'phone' | 'messenger'; value: string },
  ) {
    if (!(await this.find(tx.db, memberId))) return err(problem('not_found'));
    const row = {
      contact_id: newUlid(this.#clock, this.#chance),
      member_id: memberId,
      ...contact,
      consent: 'unknown',
      created_at: tx.at,
      updated_at: tx.at,
    } as const;
    if (!(await store.insertContact(tx.db, row))) {
      return err(problem('conflict', { detail: 'This contact has been named before.' }));
    }
    const { name, value } = contact;
    await this.#audit.write(tx, 'member.contact_added', `member:${memberId}`, { kind: contact.kind }, { name, value });
    return ok(row);
  }

  /** Records what a contact said about being written to. */
  async setConsent(
    tx: Tx,
    change: { memberId: string; contactId: string; consent: 'unknown' | 'given' | 'refused' | 'withdrawn' },
  ) {
    const row = await store.updateConsent(tx.db, { ...change, at: tx.at });
    if (!row) return err(problem('not_found'));
    const { contactId, consent } = change;
    await this.#audit.write(tx, 'member.consent', `member:${change.memberId}`, { contactId, consent });
    return ok(row);
  }

  /** Adds one purchase to the membership at a merchant. `currency` is '' where only points were given. */
  async recordVisit(
    tx: Tx,
    visit: { merchantId: string; memberId: string; currency: string; spendMinor: number; points: number },
  ): Promise<void> {
    await store.addVisit(tx.db, { ...visit, at: tx.at });
  }

  /** Takes goods that came back out of the membership at a merchant; the visit stays one. */
  async recordReturn(
    tx: Tx,
    back: { merchantId: string; memberId: string; currency: string; spendMinor: number; points: number },
  ): Promise<void> {
    await store.takeBack(tx.db, back);
  }

  /** A member, whatever the state; undefined where there is none. */
  async find(db: Db, memberId: string): Promise<store.MemberRow | undefined> {
    return (await store.memberById(db, { memberId }))[0];
  }

  /** The ids of the next members after an id, in their order. */
  async idsAfter(db: Db, last: string, limit: number): Promise<string[]> {
    return (await store.idsAfter(db, last, limit)).map((row) => row.member_id);
  }

  /** What a till may know of a member, in one read. */
  async glance(db: Db, memberId: string): Promise<MemberGlance | undefined> {
    const [row] = await store.memberById(db, { memberId });
    return row && { memberId, maskedName: maskName(row.name), status: row.state, birthday: row.birthday };
  }

  /** True from the first purchase at a merchant on. */
  async hasVisited(db: Db, visit: { merchantId: string; memberId: string }): Promise<boolean> {
    return (await store.membershipAt(db, visit)).length > 0;
  }

  /** What other capabilities may show of a member. */
  async view(db: Db, memberId: string): Promise<MemberSummary | undefined> {
    const row = await this.find(db, memberId);
    if (!row) return undefined;
    const [address] = await store.addressesOf(db, { memberId });
    return {
      memberId,
      name: row.name,
      maskedName: maskName(row.name),
      language: row.language,
      status: row.state,
      receiptTo: address ? maskAddress(address.kind, address.value) : null,
    };
  }

  /** Where a member is written to; undefined where no address was verified. */
  async address(db: Db, memberId: string): Promise<store.Address | undefined> {
    const [row] = await store.addressesOf(db, { memberId });
    return row && { kind: row.kind, value: row.value };
  }
}
