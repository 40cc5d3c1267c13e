import type { Selectable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { MessagesTable } from '../../platform/database/schema/platform.ts';
import { statement } from '../../platform/database/statement.ts';

export type MessageRow = Selectable<MessagesTable>;

const insert = statement((db, p: MessageRow & { outbox_id: number }) =>
  db
    .insertInto('messages')
    .values({
      message_id: p.message_id,
      outbox_id: p.outbox_id,
      member_id: p.member_id,
      channel: p.channel,
      address: p.address,
      kind: p.kind,
      subject: p.subject,
      body: p.body,
      state: p.state,
      created_at: p.created_at,
      sent_at: p.sent_at,
      error: p.error,
    })
    .onConflict((conflict) => conflict.column('outbox_id').doNothing())
    .returning('message_id'),
);

/** Puts a message into the mailbox, once an outbox row; answers the one that is there. */
export async function insertMessage(db: Db, row: MessageRow & { outbox_id: number }): Promise<MessageRow> {
  const [inserted] = await insert(db, row);
  if (inserted) return row;
  return db.selectFrom('messages').selectAll().where('outbox_id', '=', row.outbox_id).executeTakeFirstOrThrow();
}

export const settleMessage = (db: Db, messageId: string, end: Pick<MessageRow, 'state' | 'sent_at' | 'error'>) =>
  db.updateTable('messages').set(end).where('message_id', '=', messageId).execute();

/** One more than `limit` messages before an id, newest first. */
export function listMessages(db: Db, page: { limit: number; before?: string; memberId?: string | undefined }) {
  let query = db
    .selectFrom('messages')
    .selectAll()
    .orderBy('message_id', 'desc')
    .limit(page.limit + 1);
  if (page.before !== undefined) query = query.where('message_id', '<', page.before);
  if (page.memberId !== undefined) query = query.where('member_id', '=', page.memberId);
  return query.execute();
}
