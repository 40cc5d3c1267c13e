import * as z from 'zod';

/** What lists are sorted by: identifiers and sequence numbers. */
const KEY = /^[0-9A-Za-z]{1,40}$/;

/** Turns a sort key into an opaque cursor. */
export const encodeCursor = (key: string): string => Buffer.from(key).toString('base64url');

/** The sort key of a cursor that `pageQuery` has let in. */
export const decodeCursor = (cursor: string): string => Buffer.from(cursor, 'base64url').toString('utf8');

/** The number that a cursor stands for; undefined where it stands for none: a made-up one begins where the list does. */
export function decodeNumber(cursor: string | undefined): number | undefined {
  const number = cursor === undefined ? Number.NaN : Number(decodeCursor(cursor));
  return Number.isSafeInteger(number) ? number : undefined;
}

/** True where some page could have given this cursor. It still names no more than a place in the list: it can do no harm. */
function isCursor(cursor: string): boolean {
  const key = decodeCursor(cursor);
  return KEY.test(key) && encodeCursor(key) === cursor;
}

/** The query of every list: how many, and from where. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('At most so many items.'),
  cursor: z
    .string()
    .max(200)
    .refine(isCursor, 'Send the `nextCursor` of a page as it is.')
    .optional()
    .describe('The `nextCursor` of the page before; absent for the first page.'),
});

/** A page of a list; `nextCursor` is null on the last one. */
export const pageOf = <Item extends z.core.$ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
export type Page<Item> = { items: Item[]; nextCursor: string | null };

/**
 * Cuts a page out of `limit + 1` rows: the extra row only says that there is more.
 * @param keyOf the sort key that the next page starts after
 */
export function cutPage<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => string): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}
