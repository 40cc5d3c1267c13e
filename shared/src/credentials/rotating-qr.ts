import { createHmac, timingSafeEqual } from 'node:crypto';
import { err, ok, type Result } from '../result.ts';

/** How long one code is shown. */
export const STEP_MS = 30_000;
/** Steps before and after now that are accepted: clocks differ, people are slow. */
const STEP_WINDOW = 1;

const PURPOSE = 'tessera:member-qr:v1\n';
const SHAPE = /^T1\.([0-7][0-9A-HJKMNP-TV-Z]{25})\.([0-9]{1,12})\.([A-Za-z0-9_-]{22})$/;

export type RotatingQr = { readonly credentialId: string; readonly step: number; readonly mac: string };

/** The step of a time in ms since the epoch. */
export const stepAt = (timeMs: number): number => Math.floor(timeMs / STEP_MS);

/** First 16 bytes of HMAC-SHA256 over purpose, credential and step, base64url. */
function macOf(secret: Uint8Array, credentialId: string, step: number): string {
  return createHmac('sha256', secret)
    .update(`${PURPOSE}${credentialId}.${String(step)}`)
    .digest()
    .subarray(0, 16)
    .toString('base64url');
}

/** The text of a member's QR for one step: `T1.<credentialId>.<step>.<mac>`. */
export function formatRotatingQr(secret: Uint8Array, credentialId: string, step: number): string {
  return `T1.${credentialId}.${String(step)}.${macOf(secret, credentialId, step)}`;
}

/** Reads the shape of a scanned text; says nothing about its truth. */
export function parseRotatingQr(text: string): RotatingQr | undefined {
  const [, credentialId, step, mac] = SHAPE.exec(text) ?? [];
  if (credentialId === undefined || step === undefined || mac === undefined) return undefined;
  return { credentialId, step: Number(step), mac };
}

/**
 * Checks a parsed code: right MAC, within the window of now, strictly above the last step used.
 * The caller must then raise the last step by compare-and-set, so that a code works once.
 */
export function verifyRotatingQr(
  code: RotatingQr,
  secret: Uint8Array,
  facts: { nowMs: number; lastStep: number },
): Result<number, 'forged' | 'out_of_window' | 'replayed'> {
  const expected = Buffer.from(macOf(secret, code.credentialId, code.step));
  if (!timingSafeEqual(expected, Buffer.from(code.mac))) return err('forged');
  if (Math.abs(code.step - stepAt(facts.nowMs)) > STEP_WINDOW) return err('out_of_window');
  if (code.step <= facts.lastStep) return err('replayed');
  return ok(code.step);
}
