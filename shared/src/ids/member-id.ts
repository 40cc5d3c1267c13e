import * as z from 'zod/mini';
import { assert } from '../result.ts';
import { dammDigit } from './damm.ts';

/** True for a member ID: ten digits, the first not 0, the last a Damm check digit. */
export function isMemberId(text: string): boolean {
  return /^[1-9][0-9]{9}$/.test(text) && dammDigit(text) === 0;
}

/** A member ID as stored and sent: ten digits, no spaces. */
export const memberIdSchema = /* @__PURE__ */ z
  .string()
  .check(z.refine(isMemberId, 'The member ID has a wrong digit.'));

/** Makes the member ID of a nine-digit number (100 000 000 to 999 999 999). */
export function memberIdOf(serial: number): string {
  assert(Number.isSafeInteger(serial) && serial >= 100_000_000 && serial <= 999_999_999, 'serial has nine digits');
  const digits = String(serial);
  return digits + String(dammDigit(digits));
}

/** Groups a member ID for people, as it is printed and typed: `1234 567 890`. Works on unfinished input too. */
export function groupMemberId(digits: string): string {
  return [digits.slice(0, 4), digits.slice(4, 7), digits.slice(7, 10)].filter((part) => part !== '').join(' ');
}
