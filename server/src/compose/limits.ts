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
  kiosk: { prefix: 'kiosk', attempts: 30, windowMs: 5 * MINUTE_MS },
  kioskCredential: { prefix: 'kiosk-credential', attempts: 5, windowMs: 5 * MINUTE_MS },
} as const satisfies Record<string, Limits>;

/** Requests in hand at a time; more are refused as `overloaded`. */
export const MAX_REQUESTS_IN_HAND = 1_000;
