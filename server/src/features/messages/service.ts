import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance, Clock } from '@tessera/shared/ports';
import { ok } from '@tessera/shared/result';
import type { Commands, Tx } from '../../platform/commands/commands.ts';
import type { Log } from '../../platform/events/log.ts';
import type { Mailer } from '../../platform/messaging/mailer.ts';
import type { OutboxTopics } from '../../platform/outbox/outbox.ts';
import type { Members } from '../members/index.ts';
import * as store from './store.ts';
import { wordsOf } from './words.ts';

export interface MessageParts {
  readonly commands: Commands;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly mailer: Mailer;
  readonly members: Members;
}

type Draft = Pick<store.MessageRow, 'channel' | 'address' | 'member_id' | 'kind' | 'subject' | 'body'>;

/** The post room: gives messages their words and address, keeps them in the mailbox, hands them to the mailer. */
export class Messages {
  readonly #parts: MessageParts;

  constructor(parts: MessageParts) {
    this.#parts = parts;
  }

  /** Delivers a message to a member; without a verified address it stays in the member's inbox. A repeat is delivered once more at most. */
  async deliverToMember(outboxId: number, { memberId, kind, facts }: OutboxTopics['member_message']): Promise<void> {
    const { members } = this.#parts;
    await this.#deliver(outboxId, async ({ db }) => {
      const member = await members.find(db, memberId);
      if (!member) throw new Error('A message was queued for a member who does not exist');
      const address = await members.address(db, memberId);
      const words = wordsOf(kind, member.language, facts);
      return { channel: address?.kind ?? 'inbox', address: address?.value ?? '', member_id: memberId, kind, ...words };
    });
  }

  /** Delivers a message to an address that belongs to no member yet. */
  async deliverToAddress(outboxId: number, payload: OutboxTopics['address_message']): Promise<void> {
    const { channel, address, kind, language, facts } = payload;
    const draft = { channel, address, member_id: null, kind, ...wordsOf(kind, language, facts) };
    await this.#deliver(outboxId, () => Promise.resolve(draft));
  }

  /** In the mailbox first, so that a repeat finds it; then out of the house, unless the mailbox is where it goes. */
  async #deliver(outboxId: number, write: (tx: Tx) => Promise<Draft>): Promise<void> {
    const { log, mailer, clock } = this.#parts;
    const { message_id: messageId, state, channel, address, kind, subject, body } = await this.#keep(outboxId, write);
    if (state === 'sent') return;
    try {
      if (channel !== 'inbox') await mailer.deliver({ messageId, channel, address, subject, body });
    } catch (cause) {
      await this.#settle(messageId, { state: 'failed', sent_at: null, error: String(cause).slice(0, 200) });
      log.event('message.failed', { messageId, kind, cause: String(cause) });
      throw cause;
    }
    await this.#settle(messageId, { state: 'sent', sent_at: clock.nowMs(), error: null });
    log.event('message.delivered', { messageId, kind, channel });
  }

  async #keep(outboxId: number, write: (tx: Tx) => Promise<Draft>): Promise<store.MessageRow> {
    const { commands, clock, chance } = this.#parts;
    const kept = await commands.run({
      name: 'messages.keep',
      actor: 'job:messages',
      work: async (tx) => {
        const draft = await write(tx);
        const end =
          draft.channel === 'inbox'
            ? ({ state: 'sent', sent_at: tx.at } as const)
            : ({ state: 'queued', sent_at: null } as const);
        const message_id = newUlid(clock, chance);
        const row = { ...draft, ...end, message_id, outbox_id: outboxId, created_at: tx.at, error: null };
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
