import type { ProblemCode } from '@tessera/shared/problem';

/** Refusals that decide nothing: the same request may be sent again. All others are final. */
const transient: ReadonlySet<ProblemCode> = new Set([
  'unavailable',
  'overloaded',
  'in_flight',
  'internal',
  'too_many_attempts',
  'hello_required',
  'kiosk_superseded',
  'kiosk_revoked',
  'kiosk_cloned',
  'journal_lost',
]);

export const isTransient = (code: ProblemCode): boolean => transient.has(code);

/** Refusals of the kiosk itself: it goes out of service until staff act. */
export const standings = [
  'kiosk_revoked',
  'bad_signature',
  'kiosk_cloned',
  'journal_lost',
  'unsupported_protocol',
] as const;
export type Standing = (typeof standings)[number];

export const isStanding = (code: string): code is Standing => (standings as readonly string[]).includes(code);
