import { createHash } from 'node:crypto';
import type { Chance } from '@tessera/shared/ports';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** How long an enrolment code may wait for its kiosk. */
export const CODE_VALID_MS = 24 * 3_600_000;

/** A code that a person can type: 60 bits as `XXXX-XXXX-XXXX`, without letters that look alike. */
export function newEnrolmentCode(chance: Chance): string {
  const letters = [...chance.bytes(12)].map((byte) => ALPHABET.charAt(byte & 31)).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`;
}

/** What is stored of a code. Case, spaces and dashes do not matter; O is read as 0, I and L as 1. */
export function hashEnrolmentCode(typed: string): string {
  const plain = typed
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return createHash('sha256').update(`tessera:enrolment:v1\n${plain}`).digest('hex');
}
