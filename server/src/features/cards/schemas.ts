import { cardNumberSchema, cardUidSchema } from '@tessera/shared/ids/card-number';
import { memberIdSchema } from '@tessera/shared/ids/member-id';
import * as z from 'zod';
import { atMs, line } from '../../platform/openapi/fields.ts';

export const issueCardBody = z.strictObject({
  uid: z.optional(cardUidSchema).describe('RFID UID as the reader gives it; absent for a card with a number alone.'),
  kind: line(40).default('points'),
  agent: line(80).optional().describe('Who hands it out; kept with the card for good.'),
});
export const activateCardBody = z.strictObject({ memberId: memberIdSchema });
export const replaceCardBody = z.strictObject({ uid: z.optional(cardUidSchema) });
export const cardParams = z.object({ cardNumber: cardNumberSchema });
export const cardView = z
  .object({
    cardNumber: cardNumberSchema,
    uid: z.string().nullable(),
    kind: z.string(),
    state: z.enum(['issued', 'active', 'lost', 'replaced', 'blocked']),
    memberId: z.nullable(memberIdSchema),
    agent: z.string().nullable(),
    issuedAt: atMs,
    activatedAt: atMs.nullable(),
    endedAt: atMs.nullable(),
    replacedBy: z.string().nullable(),
  })
  .meta({ id: 'Card' });
