import * as z from 'zod/mini';
import { assert } from '../result.ts';

/** The Luhn sum of ISO/IEC 7812-1, annex B, with the last digit counted once. */
function luhnSum(digits: string): number {
  let total = 0;
  [...digits].reverse().forEach((digit, index) => {
    const value = index % 2 === 0 ? Number(digit) : Number(digit) * 2;
    total += value > 9 ? value - 9 : value;
  });
  return total;
}

/** True for a card number: sixteen digits, leading 9 (ISO/IEC 7812 "national assignment"), Luhn check digit. */
export function isCardNumber(text: string): boolean {
  return /^9[0-9]{15}$/.test(text) && luhnSum(text) % 10 === 0;
}

export const cardNumberSchema = z.string().check(z.refine(isCardNumber, 'The card number has a wrong digit.'));

/** Makes the card number of a serial from 0 to 99 999 999 999 999. */
export function cardNumberOf(serial: number): string {
  assert(Number.isSafeInteger(serial) && serial >= 0 && serial < 1e14, 'serial has at most 14 digits');
  const digits = `9${String(serial).padStart(14, '0')}`;
  return digits + String((10 - (luhnSum(`${digits}0`) % 10)) % 10);
}

/** An RFID card's UID as the reader gives it: upper-case hex, 4 to 10 bytes. */
export const cardUidSchema = z.string().check(z.regex(/^(?:[0-9A-F]{2}){4,10}$/));
