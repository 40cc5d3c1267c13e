import { decodeCursor, encodeCursor } from '../../../platform/http/cursors.ts';
import type { Key } from './page.ts';
import type { ExportTable } from './table.ts';

/** Ids, currencies and numbers are of visible ASCII; what stands between them is not. */
const BETWEEN = ' ';
const PART = /^[!-~]{0,80}$/;

/** The cursor that leads on from a key. */
export const cursorOf = (key: Key): string => encodeCursor(key.join(BETWEEN));

/** The key of a cursor; undefined for one that no page of this table could have given. */
export function keyOf({ key }: ExportTable, cursor: string): Key | undefined {
  const parts = decodeCursor(cursor).split(BETWEEN);
  if (parts.length !== key.length || !parts.every((part) => PART.test(part))) return undefined;
  const values = parts.map((part, index) => (key[index]?.shape === 'whole' ? Number(part) : part));
  const isKey = values.every((value) => typeof value === 'string' || Number.isSafeInteger(value));
  return isKey && cursorOf(values) === cursor ? values : undefined;
}
