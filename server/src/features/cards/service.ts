import { cardNumberOf } from '@tessera/shared/ids/card-number';
import type { Chance } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { assert, err, ok } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import type { Members } from '../members/index.ts';
import * as store from './store.ts';

export interface NewCard {
  readonly uid: string | undefined;
  readonly kind: string;
  readonly agent: string | undefined;
}

/** With 10^14 numbers, twenty draws never all hit a taken one. */
const DRAWS = 20;
const SERIALS = 10n ** 14n;

/** Cards: issued, handed to a member, lost, replaced. A card's number is never used twice. */
export class Cards {
  readonly #chance: Chance;
  readonly #audit: Audit;
  readonly #members: Members;

  constructor(parts: { chance: Chance; audit: Audit; members: Members }) {
    this.#chance = parts.chance;
    this.#audit = parts.audit;
    this.#members = parts.members;
  }

  /** Issues a card that belongs to nobody yet; `conflict` where another card has its UID. */
  async issue(tx: Tx, card: NewCard): Promise<Refused<store.CardRow>> {
    if (card.uid !== undefined && (await this.byUid(tx.db, card.uid))) {
      return err(problem('conflict', { detail: 'Another card has this UID.' }));
    }
    const row = await this.#insert(tx, card);
    const subject = `card:${row.card_number}`;
    await this.#audit.write(tx, 'card.issued', subject, { kind: row.kind, agent: row.agent });
    return ok(row);
  }

  async #insert(tx: Tx, card: NewCard): Promise<store.CardRow> {
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const serial = Buffer.from(this.#chance.bytes(8)).readBigUInt64BE(0) % SERIALS;
      const row = await store.insertCard(tx.db, {
        card_number: cardNumberOf(Number(serial)),
        uid: card.uid ?? null,
        kind: card.kind,
        state: 'issued',
        agent: card.agent ?? null,
        issued_at: tx.at,
      });
      if (row) return row;
    }
    assert(false, 'a free card number is found within twenty draws');
  }

  /** Hands an issued card to a member. */
  async activate(tx: Tx, cardNumber: string, memberId: string): Promise<Refused<store.CardRow>> {
    if (!(await this.#members.find(tx.db, memberId))) {
      return err(problem('invalid_fields', { fields: { '/memberId': 'There is no such member.' } }));
    }
    const change = { state: 'active', member_id: memberId, activated_at: tx.at } as const;
    return this.#move(tx, cardNumber, ['issued'], change, { memberId });
  }

  /** Records a card as lost: from this moment it opens nothing. */
  lose(tx: Tx, cardNumber: string): Promise<Refused<store.CardRow>> {
    return this.#move(tx, cardNumber, ['issued', 'active'], { state: 'lost', ended_at: tx.at }, {});
  }

  /** Gives the member of a lost or active card a new one, active at once; relations to agents stay. */
  async replace(tx: Tx, cardNumber: string, uid: string | undefined): Promise<Refused<store.CardRow>> {
    const old = await store.cardByNumber(tx.db, cardNumber);
    if (!old) return err(problem('not_found'));
    if (old.member_id === null) return err(problem('conflict', { detail: 'This card belongs to nobody yet.' }));
    const issued = await this.issue(tx, { uid, kind: old.kind, agent: old.agent ?? undefined });
    if (!issued.ok) return issued;
    const active = await this.activate(tx, issued.value.card_number, old.member_id);
    if (!active.ok) return active;
    const replacedBy = active.value.card_number;
    const change = { state: 'replaced', ended_at: old.ended_at ?? tx.at, replaced_by: replacedBy } as const;
    const ended = await this.#move(tx, cardNumber, ['active', 'lost'], change, { replacedBy });
    return ended.ok ? active : ended;
  }

  async #move(
    tx: Tx,
    cardNumber: string,
    from: readonly store.CardRow['state'][],
    change: Parameters<typeof store.moveCard>[3] & { state: store.CardRow['state'] },
    facts: Readonly<Record<string, string>>,
  ): Promise<Refused<store.CardRow>> {
    const moved = await store.moveCard(tx.db, cardNumber, from, change);
    if (moved) {
      await this.#audit.write(tx, `card.${change.state}`, `card:${cardNumber}`, facts);
      return ok(moved);
    }
    const card = await store.cardByNumber(tx.db, cardNumber);
    return err(card ? problem('conflict', { facts: { state: card.state } }) : problem('not_found'));
  }

  /** True while a card with this number may be used: a session that it opened asks again before each redemption. */
  async isActive(db: Db, cardNumber: string): Promise<boolean> {
    return (await store.cardByNumber(db, cardNumber))?.state === 'active';
  }

  /** The card that a reader saw; undefined where no card has this UID. */
  async byUid(db: Db, uid: string): Promise<store.CardRow | undefined> {
    return (await store.cardByUid(db, { uid }))[0];
  }
}
