import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance, Clock } from '@tessera/shared/ports';
import { ok } from '@tessera/shared/result';
import type { Insertable } from 'kysely';
import type { Commands } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import type { MessagesTable } from '../../platform/database/schema/platform.ts';
import type { Log } from '../../platform/events/log.ts';
import type { Mailer } from '../../platform/messaging/mailer.ts';
import type { OutboxTopics } from '../../platform/outbox/outbox.ts';
import type { Members } from '../members/index.ts';
import * as store from './store.ts';
import { wordsOf } from './words.ts';

export interface MessageParts {
  readonly db: Db;
  readonly commands: Commands;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly mailer: Mailer;
  readonly members: Members;
}

type Draft = Pick<Insertable<MessagesTable>, 'channel' | 'address' | 'member_id' | 'kind' | 'subject' | 'body'>;

/** The post room: gives messages their words and address, keeps them in the mailbox, hands them to the mailer. */
export class Messages {
  readonly #parts: MessageParts;

  constructor(parts: MessageParts) {
    this.#parts = parts;
  }

  /** Delivers a message to a member; without a verified address it stays in the member's inbox. A repeat is delivered once more at most. */
  async deliverToMember(outboxId: number, payload: OutboxTopics['member_message']): Promise<void> {
    const { db, members } = this.#parts;
    const member = await members.find(db, payload.memberId);
    if (!member) throw new Error('A message was queued for a member who does not exist');
    const address = await members.address(db, payload.memberId);
    const words = wordsOf(payload.kind, member.language, payload.facts);
    await this.#deliver(outboxId, {
      channel: address?.kind ?? 'inbox',
      address: address?.value ?? '',
      member_id: payload.memberId,
      kind: payload.kind,
      ...words,
    });
  }

  /** Delivers a message to an address that belongs to no member yet. */
  async deliverToAddress(outboxId: number, payload: OutboxTopics['address_message']): Promise<void> {
    const { channel, address, kind, language, facts } = payload;
    await this.#deliver(outboxId, { channel, address, member_id: null, kind, ...wordsOf(kind, language, facts) });
  }

  async #deliver(outboxId: number, draft: Draft): Promise<void> {
    const { log, mailer, clock } = this.#parts;
    const message = await this.#keep(outboxId, draft);
    if (message.state === 'sent') return;
    const { message_id: messageId, channel, address, subject, body } = message;
    try {
      if (channel !== 'inbox') await mailer.deliver({ messageId, channel, address, subject, body });
    } catch (cause) {
      await this.#settle(messageId, { state: 'failed', sent_at: null, error: String(cause).slice(0, 200) });
      log.event('message.failed', { messageId, kind: draft.kind, cause: String(cause) });
      throw cause;
    }
    await this.#settle(messageId, { state: 'sent', sent_at: clock.nowMs(), error: null });
    log.event('message.delivered', { messageId, kind: draft.kind, channel });
  }

  async #keep(outboxId: number, draft: Draft): Promise<store.MessageRow> {
    const { commands, clock, chance } = this.#parts;
    const kept = await commands.run({
      name: 'messages.keep',
      actor: 'job:messages',
      work: async (tx) => {
        const message_id = newUlid(clock, chance);
        const row = { ...draft, message_id, outbox_id: outboxId, state: 'queued', created_at: tx.at } as const;
        return ok(await store.insertMessage(tx.db, row));
      },
    });
    if (!kept.ok) throw new Error(`The mailbox could not be written: ${kept.error.code}`);
    return kept.value;
  }

  async #settle(messageId: string, end: Parameters<typeof store.settleMessage>[2]): Promise<void> {
    const settled = await this.#parts.commands.run({
      name: 'messages.settle',
      actor: 'job:messages',
      work: async (tx) => {
        await store.settleMessage(tx.db, messageId, end);
        return ok(null);
      },
    });
    if (!settled.ok) throw new Error(`The mailbox could not be written: ${settled.error.code}`);
  }
}
