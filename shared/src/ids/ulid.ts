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
  let number = BigInt(timeMs);
  for (const byte of random) number = (number << 8n) | BigInt(byte);
  let text = '';
  for (let shift = 125n; shift >= 0n; shift -= 5n) text += ALPHABET.charAt(Number((number >> shift) & 31n));
  return text;
}

/** A fresh ULID from the injected clock and chance. */
export function newUlid(clock: Pick<Clock, 'nowMs'>, chance: Chance): Ulid {
  return encodeUlid(Math.max(0, clock.nowMs()), chance.bytes(10));
}
