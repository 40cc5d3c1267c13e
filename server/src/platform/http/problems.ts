import type { Response } from 'express';
import { problem, type Problem } from '@tessera/shared/problem';
import { isUnavailable } from '../database/unavailable.ts';

/** Answers a refusal as `application/problem+json`, with `Retry-After` where waiting helps. */
export function sendProblem(res: Response, refusal: Problem): void {
  if (refusal.retryAfterMs !== undefined) res.setHeader('Retry-After', String(Math.ceil(refusal.retryAfterMs / 1000)));
  if (refusal.status === 401) res.setHeader('WWW-Authenticate', 'Bearer');
  res.setHeader('Cache-Control', 'no-store');
  res.status(refusal.status).type('application/problem+json').send(JSON.stringify(refusal));
}

const fieldOf = (error: unknown, field: string): unknown =>
  typeof error === 'object' && error !== null && field in error
    ? (error as Readonly<Record<string, unknown>>)[field]
    : undefined;

/**
 * The refusal that an expected error stands for: body parser, bad escapes in an address, a database that cannot write.
 * Undefined for everything else: that is a bug and is answered as `internal`.
 */
export function problemOfError(error: unknown): Problem | undefined {
  if (isUnavailable(error)) return problem('unavailable', { retryAfterMs: 5_000 });
  const type = fieldOf(error, 'type');
  const status = fieldOf(error, 'status');
  if (type === 'entity.too.large' || status === 413) return problem('too_large');
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') return problem('unsupported_media_type');
  if (error instanceof URIError || status === 400) return problem('malformed');
  return undefined;
}
