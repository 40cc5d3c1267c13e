/** Where a test may end the guard. */
export const guardFailpoints = [
  'guard.claim.before',
  'guard.claim.after',
  'guard.relay_on.before',
  'guard.relay_on.after',
  'guard.relay_off.before',
  'guard.relay_off.after',
  'guard.answer.before',
  'guard.answer.after',
] as const;
export type GuardFailpoint = (typeof guardFailpoints)[number];
