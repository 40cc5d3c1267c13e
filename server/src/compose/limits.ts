import type { HttpLimits } from '../platform/http/app.ts';
import type { Limits } from '../platform/throttle/throttle.ts';

const MINUTE_MS = 60_000;

/**
 * How much guessing each door bears. A window is short and belongs to a place (an address, a kiosk): whoever is kept
 * waiting by somebody else's guesses waits minutes, and only there.
 */
export const throttleLimits = {
  signInAddress: { prefix: 'sign-in', attempts: 30, windowMs: 5 * MINUTE_MS },
  signInLogin: { prefix: 'login', attempts: 5, windowMs: 5 * MINUTE_MS },
  application: { prefix: 'application', attempts: 20, windowMs: 10 * MINUTE_MS },
  enrolment: { prefix: 'enrolment', attempts: 20, windowMs: 10 * MINUTE_MS },
  counter: { prefix: 'counter', attempts: 30, windowMs: 5 * MINUTE_MS },
  counterCredential: { prefix: 'counter-credential', attempts: 5, windowMs: 5 * MINUTE_MS },
  kiosk: { prefix: 'kiosk', attempts: 30, windowMs: 5 * MINUTE_MS },
  kioskCredential: { prefix: 'kiosk-credential', attempts: 5, windowMs: 5 * MINUTE_MS },
} as const satisfies Record<string, Limits>;

/** How much of the server one caller may have. A till or a person needs far less; a program in a loop is slowed down. */
export const httpLimits: HttpLimits = {
  inHand: 1_000,
  known: { perSecond: 500, burst: 2_000 },
  unknown: { perSecond: 50, burst: 500 },
};
