import type { RequestHandler } from 'express';
import { problem } from '@tessera/shared/problem';
import type { Refuse } from './serve-route.ts';

/** The host of an origin, or undefined for `null` and nonsense. */
function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}

/**
 * Refuses browsers that come from another site. Bearer tokens are not sent by themselves, so this is a second line; it also
 * keeps a foreign page from guessing at the public doors.
 * @param allowed further origins, e.g. a public name in front of a proxy
 */
export function originGuard(allowed: readonly string[], refuse: Refuse): RequestHandler {
  return (req, res, next) => {
    const { origin } = req.headers;
    if (origin === undefined || allowed.includes(origin) || hostOf(origin) === req.headers.host) next();
    else refuse(res, problem('foreign_origin'));
  };
}

/** Refuses work beyond `limit` requests at a time, so that those in hand are still answered in time. */
export function overloadGuard(limit: number, refuse: Refuse): { guard: RequestHandler; inHand: () => number } {
  let inHand = 0;
  const guard: RequestHandler = (_req, res, next) => {
    if (inHand >= limit) {
      refuse(res, problem('overloaded', { retryAfterMs: 1_000 }));
      return;
    }
    inHand += 1;
    res.once('close', () => (inHand -= 1));
    next();
  };
  return { guard, inHand: () => inHand };
}
