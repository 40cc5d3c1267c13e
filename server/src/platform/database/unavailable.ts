import { NothingKept } from './port.ts';
import { isPassing, isStorageFailure } from './postgres/failures.ts';

/** SQLite's own words for "not now": full disk, failed read or write, read-only, busy. */
const SQLITE = /^SQLITE_(FULL|IOERR|READONLY|BUSY|LOCKED|CANTOPEN|NOMEM|PROTOCOL)/;

/** True where a database could not take or answer a request through no fault of that request. */
export function isUnavailable(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return SQLITE.test(code) || error instanceof NothingKept || isPassing(error) || isStorageFailure(error);
}
