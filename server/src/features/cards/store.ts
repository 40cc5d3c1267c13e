import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { CardsTable } from '../../platform/database/schema/people.ts';
import { statement } from '../../platform/database/statement.ts';

export type CardRow = Selectable<CardsTable>;

export const cardByNumber = (db: Db, cardNumber: string) =>
  db.selectFrom('cards').selectAll().where('card_number', '=', cardNumber).executeTakeFirst();

/** A card by what the reader saw; on the path of every tap. */
export const cardByUid = statement((db, p: { uid: string }) =>
  db.selectFrom('cards').selectAll().where('uid', '=', p.uid),
);

/** Adds a card; undefined where number or UID is taken. */
export const insertCard = (db: Db, row: Insertable<CardsTable>) =>
  db
    .insertInto('cards')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();

/** Changes a card that still is in one of the states; undefined where it has moved on. */
export const moveCard = (
  db: Db,
  cardNumber: string,
  from: readonly CardRow['state'][],
  change: Updateable<CardsTable>,
) =>
  db
    .updateTable('cards')
    .set(change)
    .where('card_number', '=', cardNumber)
    .where('state', 'in', from)
    .returningAll()
    .executeTakeFirst();

/** One more than `limit` cards after a number. */
export function listCards(db: Db, page: { limit: number; after?: string; memberId?: string | undefined }) {
  let query = db
    .selectFrom('cards')
    .selectAll()
    .orderBy('card_number')
    .limit(page.limit + 1);
  if (page.after !== undefined) query = query.where('card_number', '>', page.after);
  if (page.memberId !== undefined) query = query.where('member_id', '=', page.memberId);
  return query.execute();
}
