import type { KeyObject } from 'node:crypto';
import * as z from 'zod/mini';
import { kioskIdSchema, pointsSchema } from '../ids/schemas.ts';
import { ulidSchema } from '../ids/ulid.ts';
import { err, ok, type Result } from '../result.ts';
import { signFor, verifyFor } from './signature.ts';

/** What a pick-up code says: which order (its redemption), which gift, at which kiosk, until when (ms since the epoch). */
export const pickupClaimSchema = z.object({
  keyId: z.string().check(z.regex(/^[A-Za-z0-9_-]{1,16}$/)),
  kioskId: kioskIdSchema,
  redemptionId: ulidSchema,
  rewardId: ulidSchema,
  price: pointsSchema,
  expiresAtMs: z.int(),
});
export type PickupClaim = z.infer<typeof pickupClaimSchema>;

const SHAPE = /^P1\.([A-Za-z0-9_-]{1,400})\.([A-Za-z0-9_-]{86})$/;

/** The text of a pick-up code: `P1.<claim>.<Ed25519 signature>`. */
export function formatPickupCode(claim: PickupClaim, key: KeyObject): string {
  const { keyId, kioskId, redemptionId, rewardId, price, expiresAtMs } = claim;
  const body = Buffer.from(JSON.stringify([keyId, kioskId, redemptionId, rewardId, price, expiresAtMs]));
  const text = body.toString('base64url');
  return `P1.${text}.${signFor('pickup-code', text, key)}`;
}

/** True for a text that means to be a pick-up code; says nothing about its truth. */
export const looksLikePickupCode = (text: string): boolean => text.startsWith('P1.');

function readClaim(body: string): PickupClaim | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
    if (!Array.isArray(parts) || parts.length !== 6) return undefined;
    const [keyId, kioskId, redemptionId, rewardId, price, expiresAtMs] = parts as unknown[];
    const claim = z.safeParse(pickupClaimSchema, { keyId, kioskId, redemptionId, rewardId, price, expiresAtMs });
    return claim.success ? claim.data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Verifies a code without network: signature by a known key, this kiosk, not expired. Single use is the journal's part.
 * @param keys the server's public keys by id
 */
export function verifyPickupCode(
  text: string,
  facts: { keys: ReadonlyMap<string, KeyObject>; kioskId: string; nowMs: number },
): Result<PickupClaim, 'forged' | 'other_kiosk' | 'expired'> {
  const [, body, signature] = SHAPE.exec(text) ?? [];
  if (body === undefined || signature === undefined) return err('forged');
  const claim = readClaim(body);
  const key = claim && facts.keys.get(claim.keyId);
  if (!claim || !key || !verifyFor('pickup-code', body, signature, key)) return err('forged');
  if (claim.kioskId !== facts.kioskId) return err('other_kiosk');
  if (facts.nowMs > claim.expiresAtMs) return err('expired');
  return ok(claim);
}
