import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';

const SHAPE = /^[\x21-\x7e]{8,128}$/;

/** Reads the Idempotency-Key header: 8 to 128 printable characters without spaces; a UUID or ULID is meant. */
export function readIdempotencyKey(header: string | string[] | undefined): Result<string, Problem> {
  if (typeof header === 'string' && SHAPE.test(header)) return ok(header);
  return err(problem('idempotency_key_missing', { detail: 'Send 8 to 128 printable characters, e.g. a UUID.' }));
}
