/** The SQLSTATE of an error of PostgreSQL, empty for any other error. */
export function stateOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  // EPIPE has five letters too.
  return /^(\d\d|F0|HV|P0|XX)[0-9A-Z]{3}$/.test(code) ? code : '';
}

/** What the operating system says of a connection, and the driver of one that has ended. */
const BROKEN = /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOENT|EAI_)/;
const ENDED =
  /^(Connection terminated|Client (was closed|has encountered a connection error)|timeout (expired|exceeded)|Query read timeout)/;

/** The connection is gone or was never there: what it was in the middle of may have to be asked for. */
export function isLostConnection(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const state = stateOf(cause);
  if (state !== '') return /^(08|57P)/.test(state);
  if ('code' in cause && BROKEN.test(String(cause.code))) return true;
  if (cause instanceof AggregateError) return cause.errors.some(isLostConnection);
  return !('code' in cause) && ENDED.test(cause.message);
}

/**
 * Passes by itself: a serialisation failure, a deadlock, a lock that took too long, too many connections, a standby that is
 * asked to write just before it becomes the primary. The transaction was undone and may be run again.
 */
export const isPassing = (cause: unknown): boolean =>
  isLostConnection(cause) || /^(40001|40P01|55P03|53300|25006|25P03)$/.test(stateOf(cause));

/** The disk is full or broken, or there is no memory: new work is refused, what is stored stays. */
export const isStorageFailure = (cause: unknown): boolean => /^(53|58|XX)/.test(stateOf(cause));
