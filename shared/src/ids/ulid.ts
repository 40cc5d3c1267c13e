import * as z from 'zod/mini';
import { assert } from '../result.ts';
import type { Chance, Clock } from '../ports.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID: 48 bits of milliseconds, 80 bits of chance, Crockford base 32, 26 characters (github.com/ulid/spec). */
export const ulidSchema = z.string().check(z.regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/));
export type Ulid = z.infer<typeof ulidSchema>;

/** Encodes a time (ms since the epoch) and ten random bytes as a ULID. */
export function encodeUlid(timeMs: number, random: Uint8Array): Ulid {
  assert(Number.isSafeInteger(timeMs) && timeMs >= 0 && timeMs < 2 ** 48, 'time fits 48 bits');
  assert(random.length === 10, 'ten random bytes');
  return digits(timeMs, 10) + digits(bits40(random, 0), 8) + digits(bits40(random, 5), 8);
}

/** Five bytes as a number. Whole numbers of 40 bits are exact, and several times cheaper than a BigInt of 128. */
function bits40(bytes: Uint8Array, from: number): number {
  let number = 0;
  for (let index = from; index < from + 5; index += 1) number = number * 256 + (bytes[index] ?? 0);
  return number;
}

function digits(number: number, count: number): string {
  let text = '';
  let left = number;
  for (let place = 0; place < count; place += 1) {
    text = ALPHABET.charAt(left % 32) + text;
    left = Math.floor(left / 32);
  }
  return text;
}

/** A fresh ULID from the injected clock and chance. */
export function newUlid(clock: Pick<Clock, 'nowMs'>, chance: Chance): Ulid {
  return encodeUlid(Math.max(0, clock.nowMs()), chance.bytes(10));
}
