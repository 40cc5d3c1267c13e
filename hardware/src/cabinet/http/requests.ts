import * as z from 'zod/mini';

/** Printable text of a code, as a scanner would send it; line ends are the scanner's own. */
export const scanSchema = z.strictObject({
  text: z.string().check(z.minLength(1), z.maxLength(1_000), z.regex(/^[^\x00-\x1f\x7f]+$/)),
});

/** Five bytes, ten hex digits: what a 125 kHz card holds and an RDM6300 frame can carry. */
export const cardSchema = z.strictObject({ uid: z.string().check(z.regex(/^[0-9A-Fa-f]{10}$/)) });

export const doorSchema = z.strictObject({ open: z.boolean() });

export const goodsSchema = z.strictObject({ goods: z.int().check(z.minimum(0), z.maximum(99)) });

/** `all` is a cabinet as new; `faults` only mends what was broken. */
export const resetSchema = z.strictObject({ what: z._default(z.enum(['all', 'faults']), 'all') });

/** For acts that need nothing said. */
export const emptySchema = z.strictObject({});
