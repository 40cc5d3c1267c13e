import * as z from 'zod';

/** The query of every list: how many, and from where. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('At most so many items.'),
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,200}$/)
    .optional()
    .describe('The `nextCursor` of the page before; absent for the first page.'),
});

/** A page of a list; `nextCursor` is null on the last one. */
export const pageOf = <Item extends z.core.$ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
export type Page<Item> = { items: Item[]; nextCursor: string | null };

/** Turns a sort key into an opaque cursor. */
export const encodeCursor = (key: string): string => Buffer.from(key).toString('base64url');

/** The sort key of a cursor. A made-up cursor gives some key and so some place in the list: it can do no harm. */
export const decodeCursor = (cursor: string): string => Buffer.from(cursor, 'base64url').toString('utf8');

/**
 * Cuts a page out of `limit + 1` rows: the extra row only says that there is more.
 * @param keyOf the sort key that the next page starts after
 */
export function cutPage<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => string): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}
