import * as z from 'zod/mini';
import { localisedSchema, pointsSchema, slotSchema } from '../ids/schemas.ts';
import { ulidSchema } from '../ids/ulid.ts';
import { bookStates } from '../redemption/books.ts';
import { vendStates } from '../redemption/vend.ts';

/** Where a journal stands: its random epoch, the sequence of its last record, and that record's chain hash (hex SHA-256). */
export const journalHeadSchema = z.object({
  epoch: ulidSchema,
  seq: z.int().check(z.minimum(0)),
  hash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});
export type JournalHead = z.infer<typeof journalHeadSchema>;

export const bookStateSchema = z.enum(bookStates);
export const vendStateSchema = z.enum(vendStates);

/** What the drop sensor, the emitter test, the home switch and the motor current said of one vend. */
export const evidenceSchema = z.object({
  /** Edges of the beam during pulse and settle window. */
  drops: z.int().check(z.minimum(0), z.maximum(99)),
  beamBefore: z.enum(['alive', 'dead', 'untested']),
  beamAfter: z.enum(['alive', 'dead', 'untested']),
  rotated: z.enum(['yes', 'no', 'unknown']),
  /** How long the guard says the line was driven, in ms; absent where it was never driven or nobody knows. */
  pulseMs: z.optional(z.int().check(z.minimum(0))),
  /** Why the outcome is what it is, as a stable word: `drop_seen`, `no_rotation`, `beam_clear`, `beam_blind`, `restarted`, … */
  reason: z.string().check(z.maxLength(40)),
});
export type Evidence = z.infer<typeof evidenceSchema>;

export const outcomeSchema = z.enum(['dropped', 'not_dropped', 'unknown']);
export type Outcome = z.infer<typeof outcomeSchema>;

/** One slot as the server knows it. `available` is `onHand` less what is reserved; `serviceEpoch` rises each time staff return it to service. */
export const slotViewSchema = z.object({
  slot: slotSchema,
  rewardId: z.nullable(ulidSchema),
  capacity: z.int(),
  onHand: z.int(),
  available: z.int(),
  inService: z.boolean(),
  serviceEpoch: z.int(),
});
export type SlotView = z.infer<typeof slotViewSchema>;

/** What stands where in a cabinet. `version` rises with every change of reward or price; `revision` with every change at all. */
export const planogramSchema = z.object({ version: z.int(), revision: z.int(), slots: z.array(slotViewSchema) });

/** One reward as shown at the kiosk. `picture` is a path on the server (`/v1/pictures/<sha256>.svg`), content-addressed. */
export const rewardViewSchema = z.object({
  rewardId: ulidSchema,
  name: localisedSchema,
  about: localisedSchema,
  price: pointsSchema,
  picture: z.nullable(z.string()),
});
export type RewardView = z.infer<typeof rewardViewSchema>;

/** A public key that the server signs pick-up codes and grants with. */
export const serverKeySchema = z.object({ keyId: z.string(), publicKey: z.string() });

/** All that a kiosk keeps from the server: pushed whole when anything in it changes. */
export const kioskConfigSchema = z.object({
  kioskName: z.string(),
  planogram: planogramSchema,
  rewards: z.array(rewardViewSchema),
  keys: z.array(serverKeySchema),
  /** Shown with failures and doubts: a telephone number or address. */
  help: z.string(),
  /** Orders that must no longer be handed out here; the kiosk journals each and answers `revoked`. */
  revokedPickups: z.array(ulidSchema),
  /** Orders of this kiosk whose code must not be served again although it has not expired: what a new journal cannot know. */
  usedPickups: z.array(ulidSchema),
});
export type KioskConfig = z.infer<typeof kioskConfigSchema>;
