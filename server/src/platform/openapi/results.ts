import type { Problem } from '@tessera/shared/problem';
import { ok, type Result } from '@tessera/shared/result';

/** Shows a success as its view; a refusal passes. */
export const mapped = <Row, View>(result: Result<Row, Problem>, view: (row: Row) => View): Result<View, Problem> =>
  result.ok ? ok(view(result.value)) : result;

/** A field that was not sent is left alone: absent, not undefined. */
export function withoutUndefined<T extends object>(fields: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const sent = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(sent) as { [Name in keyof T]?: Exclude<T[Name], undefined> };
}
