import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
import type { Chance } from '@tessera/shared/ports';
import { assert } from '@tessera/shared/result';

const INFO = 'tessera:stored-answer:v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What stands in the table instead of the caller's key: the key itself opens the stored answer, so it is not kept. */
export const keyDigest = (key: string): string => createHash('sha256').update(key).digest('hex');

/**
 * The fingerprint of a request, keyed with the caller's key: a plain hash of a body with a PIN in it could be searched
 * through in a second.
 */
export const requestDigest = (key: string, request: unknown): string =>
  createHmac('sha256', key).update(JSON.stringify(request)).digest('hex');

const cipherKey = (key: string): Buffer => Buffer.from(hkdfSync('sha256', key, '', INFO, 32));

/** Encrypts an answer under the caller's key: tokens and personal data in stored answers are of use to that caller alone. */
export function sealAnswer(key: string, answer: unknown, chance: Chance): string {
  const iv = chance.bytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', cipherKey(key), iv);
  const text = Buffer.concat([cipher.update(JSON.stringify(answer), 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url');
}

/** Opens what `sealAnswer` made with the same key; throws where it was changed. */
export function openAnswer(key: string, sealed: string): unknown {
  const bytes = Buffer.from(sealed, 'base64url');
  assert(bytes.length > IV_BYTES + TAG_BYTES, 'a stored answer is whole');
  const decipher = createDecipheriv('aes-256-gcm', cipherKey(key), bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  return JSON.parse(text.toString('utf8'));
}
