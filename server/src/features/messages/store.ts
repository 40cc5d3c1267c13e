import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { MessagesTable } from '../../platform/database/schema/platform.ts';

export type MessageRow = Selectable<MessagesTable>;

/** Puts a message into the mailbox, once an outbox row; answers the one that is there. */
export async function insertMessage(
  db: Db,
  row: Insertable<MessagesTable> & { outbox_id: number },
): Promise<MessageRow> {
  await db
    .insertInto('messages')
    .values(row)
    .onConflict((conflict) => conflict.column('outbox_id').doNothing())
    .execute();
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
