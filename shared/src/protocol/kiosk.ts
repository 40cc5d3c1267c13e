import * as z from 'zod/mini';
import { cardUidSchema } from '../ids/card-number.ts';
import { memberIdSchema } from '../ids/member-id.ts';
import { kioskIdSchema, languageSchema, pinSchema, pointsSchema, slotSchema } from '../ids/schemas.ts';
import { ulidSchema } from '../ids/ulid.ts';
import { exchange } from './answer.ts';
import {
  bookStateSchema,
  evidenceSchema,
  journalHeadSchema,
  kioskConfigSchema,
  outcomeSchema,
  vendStateSchema,
} from './kiosk-parts.ts';

/** The socket.io namespace on the server. */
export const KIOSK_NAMESPACE = '/kiosk';

/** Sent by the server as the first message of a connection; `hello` signs its nonce. */
export const challengeSchema = z.object({
  nonce: z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/)),
  protocols: z.array(z.int()),
  serverTimeMs: z.int(),
});
export type Challenge = z.infer<typeof challengeSchema>;

/** All that hello says; the signature is over nonce, a line feed, and this body's JSON text as sent in `body`. */
export const helloBodySchema = z.object({
  kioskId: kioskIdSchema,
  protocols: z.array(z.int()).check(z.maxLength(16)),
  software: z.string().check(z.maxLength(64)),
  journal: journalHeadSchema,
  /** Rises with every connection and is persisted before it is used. */
  counter: z.int().check(z.minimum(1)),
  /** Redemptions whose end the server has not acknowledged. */
  open: z.array(z.object({ redemptionId: ulidSchema, state: vendStateSchema })).check(z.maxLength(1000)),
  /** Revision of the configuration that the kiosk holds, 0 for none. */
  configRevision: z.int(),
});
export type HelloBody = z.infer<typeof helloBodySchema>;

const redemption = { redemptionId: ulidSchema };
const settled = { state: bookStateSchema };
const head = { journalHead: journalHeadSchema };

export const identifyRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('qr'), text: z.string().check(z.maxLength(128)) }),
  z.object({ kind: z.literal('card'), uid: cardUidSchema, pin: pinSchema }),
  z.object({ kind: z.literal('member_id'), memberId: memberIdSchema, pin: pinSchema }),
]);
export type IdentifyRequest = z.infer<typeof identifyRequestSchema>;

/** What a kiosk may know of a member: nothing that identifies the person to a bystander. */
export const memberViewSchema = z.object({
  maskedName: z.string(),
  points: pointsSchema,
  language: z.nullable(languageSchema),
  /** Where the receipt goes, masked (`m•••@…`); null where the member has no verified contact. */
  receiptTo: z.nullable(z.string()),
  /** Rewards of this kiosk that this member cannot have now although affordable and in stock, e.g. by the per-member limit. */
  limited: z.array(ulidSchema),
});
export type MemberView = z.infer<typeof memberViewSchema>;

/** Kiosk → server. Event name → request and acknowledgement. */
export const kioskExchanges = {
  hello: exchange(
    'Proves the kiosk and says where its journal stands. Nothing is exchanged before it is answered.',
    z.object({ body: z.string().check(z.maxLength(200_000)), signature: z.string().check(z.maxLength(128)) }),
    {
      protocol: z.int(),
      serverTimeMs: z.int(),
      ledgerEpoch: ulidSchema,
      config: kioskConfigSchema,
      /** What the books say of each redemption that hello named. */
      redemptions: z.array(z.object({ ...redemption, ...settled })),
    },
  ),
  identify: exchange('Verifies a credential and opens a session (10 min) for its member.', identifyRequestSchema, {
    sessionId: ulidSchema,
    member: memberViewSchema,
  }),
  end_session: exchange('Ends a session; a repeat is fine.', z.object({ sessionId: ulidSchema }), {}),
  authorise: exchange(
    'Holds points and reserves one unit, atomically. The id is the idempotency key; asking again answers the present state.',
    z.object({
      ...redemption,
      sessionId: ulidSchema,
      rewardId: ulidSchema,
      slot: slotSchema,
      price: pointsSchema,
      planogramVersion: z.int(),
      ...head,
    }),
    {
      ...settled,
      /** Counted by the kiosk's monotonic clock from the first send. */
      vendByMs: z.int(),
      pointsAfter: pointsSchema,
      /** Signed by the server (purpose `grant`); kept by the kiosk for 90 days so that a restored server can learn of it. */
      grant: z.string(),
    },
  ),
  abandon: exchange(
    'Gives up before a drop was possible; leaves a tombstone where the id is unknown.',
    z.object({ ...redemption, ...head }),
    settled,
  ),
  vending: exchange(
    'From here a drop is possible: absence alone can no longer release.',
    z.object({ ...redemption, slot: slotSchema, ...head }),
    settled,
  ),
  outcome: exchange(
    'Reports how a vend ended.',
    z.object({ ...redemption, slot: slotSchema, outcome: outcomeSchema, evidence: evidenceSchema, ...head }),
    { ...settled, points: z.nullable(pointsSchema) },
  ),
  revoked: exchange(
    'The kiosk has journalled that this order can no longer be picked up.',
    z.object({ ...redemption, ...head }),
    settled,
  ),
  variance: exchange(
    'A physical event that belongs to no redemption. `eventId` makes it idempotent.',
    z.object({
      eventId: ulidSchema,
      slot: z.nullable(slotSchema),
      kind: z.enum(['stray_drop', 'extra_drop', 'door_opened', 'slot_out_of_service']),
      reason: z.string().check(z.maxLength(80)),
      redemptionId: z.nullable(ulidSchema),
    }),
    {},
  ),
  status: exchange(
    'Live state, on change and at least every 30 s.',
    z.object({
      screen: z.string().check(z.maxLength(40)),
      problems: z.array(z.string().check(z.maxLength(80))).check(z.maxLength(50)),
      tray: z.enum(['empty', 'occupied', 'unknown']),
      door: z.enum(['closed', 'open', 'unknown']),
      outbox: z.int(),
      ...head,
    }),
    {},
  ),
  replay_grant: exchange(
    'After a restore (new ledger epoch): a grant of the last 90 days with its outcome, so that forgotten captures are booked.',
    z.object({ grant: z.string().check(z.maxLength(2000)), outcome: z.nullable(outcomeSchema), slot: slotSchema }),
    settled,
  ),
} as const;
export type KioskEvent = keyof typeof kioskExchanges;
export type KioskRequest<Name extends KioskEvent> = z.infer<(typeof kioskExchanges)[Name]['request']>;
export type KioskAnswer<Name extends KioskEvent> = z.infer<(typeof kioskExchanges)[Name]['answer']>;

/** Server → kiosk, not acknowledged: each repeats state that the next hello would bring too. */
export const kioskPushes = {
  challenge: challengeSchema,
  config: kioskConfigSchema,
  /** This connection ends; the reason is a problem's code. */
  closing: z.object({ code: z.string() }),
} as const;
