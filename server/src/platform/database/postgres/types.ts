import pg, { type CustomTypesConfig } from 'pg';
import { assert } from '@tessera/shared/result';

const INTEGERS = [pg.types.builtins.INT8, pg.types.builtins.NUMERIC];

/** PostgreSQL's 64-bit integers and the sums of them, as numbers: everything of ours is far below 2^53. */
function safeInteger(text: string): number {
  const value = Number(text);
  assert(Number.isSafeInteger(value), 'a number of the database is a safe integer');
  return value;
}

type Parser = CustomTypesConfig['getTypeParser'];

/** How values come out of PostgreSQL: integers only, the rest as the driver gives it. */
export const valueTypes: CustomTypesConfig = {
  getTypeParser: ((oid: Parameters<Parser>[0], format: Parameters<Parser>[1]) =>
    INTEGERS.includes(oid) ? safeInteger : (pg.types.getTypeParser(oid, format) as unknown)) as Parser,
};
