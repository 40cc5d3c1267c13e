import { createHash, createHmac } from 'node:crypto';

/** What the seed decides: the same seed gives the same PINs and card UIDs. They are demo data, not secrets. */
export interface Drawn {
  pin(member: number): string;
  cardUid(member: number): string;
}

const digestOf = (seed: number, what: string): Buffer =>
  createHash('sha256')
    .update(`tessera:demo:${String(seed)}:${what}`)
    .digest();

/** Draws from a seed. */
export const drawFrom = (seed: number): Drawn => ({
  pin: (member) => String(digestOf(seed, `pin:${String(member)}`).readUInt32BE(0) % 10_000).padStart(4, '0'),
  // Five bytes, as the demo cabinet's reader (RDM6300) speaks them.
  cardUid: (member) =>
    digestOf(seed, `uid:${String(member)}`)
      .subarray(0, 5)
      .toString('hex')
      .toUpperCase(),
});

/**
 * A secret of this installation: derived from its operator token, so that a repeat knows it again while the code holds
 * no default password.
 */
export const secretOf = (operatorToken: string, what: string): string =>
  createHmac('sha256', operatorToken).update(`tessera:demo:${what}`).digest('base64url').slice(0, 22);
