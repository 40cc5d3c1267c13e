import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** What a signature is for: a signature made for one purpose never verifies for another. */
export type Purpose = 'kiosk-hello' | 'pickup-code' | 'grant' | 'server-time' | 'statement';

const message = (purpose: Purpose, body: string): Buffer => Buffer.from(`tessera:${purpose}:v1\n${body}`);

/** Signs a body for a purpose with an Ed25519 key; base64url, 86 characters. */
export function signFor(purpose: Purpose, body: string, key: KeyObject): string {
  return sign(null, message(purpose, body), key).toString('base64url');
}

/** Checks a signature made by `signFor`; false for anything malformed. */
export function verifyFor(purpose: Purpose, body: string, signature: string, key: KeyObject): boolean {
  if (!/^[A-Za-z0-9_-]{86}$/.test(signature)) return false;
  return verify(null, message(purpose, body), key, Buffer.from(signature, 'base64url'));
}

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** The private key of a 32-byte seed (RFC 8410), so that keys come from the injected chance. */
export function privateKeyOfSeed(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
}

/** The raw public key of a private or public key, base64url, 43 characters. */
export function publicKeyText(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length).toString('base64url');
}

/** Reads what `publicKeyText` wrote; undefined where it is not an Ed25519 public key. */
export function publicKeyOfText(text: string): KeyObject | undefined {
  if (!/^[A-Za-z0-9_-]{43}$/.test(text)) return undefined;
  const key = Buffer.concat([SPKI_PREFIX, Buffer.from(text, 'base64url')]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}
