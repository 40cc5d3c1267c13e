import { signFor, verifyFor } from '@tessera/shared/credentials/signature';
import { kioskIdSchema, pointsSchema, slotSchema } from '@tessera/shared/ids/schemas';
import { memberIdSchema } from '@tessera/shared/ids/member-id';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import * as z from 'zod/mini';
import type { ServerKeys } from '../../platform/signing/server-keys.ts';

/** What a grant says: all that a restored server needs to book a redemption that it has forgotten. */
const grantSchema = z.object({
  keyId: z.string(),
  redemptionId: ulidSchema,
  kind: z.enum(['walk_up', 'pickup']),
  kioskId: kioskIdSchema,
  memberId: memberIdSchema,
  rewardId: ulidSchema,
  slot: slotSchema,
  price: pointsSchema,
  grantedAtMs: z.int(),
});
export type Grant = z.infer<typeof grantSchema>;

const SHAPE = /^G1\.([A-Za-z0-9_-]{1,1500})\.([A-Za-z0-9_-]{86})$/;

/** The text of a grant: `G1.<body>.<Ed25519 signature>`. */
export function formatGrant(grant: Omit<Grant, 'keyId'>, { current }: ServerKeys): string {
  const body = Buffer.from(JSON.stringify({ ...grant, keyId: current.keyId })).toString('base64url');
  return `G1.${body}.${signFor('grant', body, current.key)}`;
}

/** Reads a grant that this server signed, now or before a restore; undefined for anything else. */
export function readGrant(text: string, { byId }: ServerKeys): Grant | undefined {
  const [, body, signature] = SHAPE.exec(text) ?? [];
  if (body === undefined || signature === undefined) return undefined;
  try {
    const grant = z.safeParse(grantSchema, JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
    const key = grant.success ? byId.get(grant.data.keyId) : undefined;
    return key && grant.success && verifyFor('grant', body, signature, key) ? grant.data : undefined;
  } catch {
    return undefined;
  }
}
