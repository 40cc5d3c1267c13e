import * as z from 'zod/mini';
import { languageSchema, localisedSchema } from '../ids/schemas.ts';

/** The socket.io namespace on the daemon. The UI connects with `auth: {protocols: [1]}`. */
export const UI_NAMESPACE = '/ui';

/** `picture` is a path on the daemon, cached there so that it shows without the server. */
export const giftSchema = z.object({
  rewardId: z.string(),
  name: localisedSchema,
  about: localisedSchema,
  price: z.int(),
  picture: z.nullable(z.string()),
});
export type Gift = z.infer<typeof giftSchema>;

/** A gift on the choose screen; `missing` points where it is `short`. */
export const offerSchema = z.object({
  ...giftSchema.shape,
  state: z.enum(['available', 'short', 'sold_out', 'limit']),
  missing: z.int(),
});
export type Offer = z.infer<typeof offerSchema>;

/** Why the kiosk cannot serve, in the order of what helps a person most. */
export const outReasons = [
  'starting',
  'no_server',
  'not_enrolled',
  'revoked',
  'journal_damaged',
  'no_guard',
  'no_sensor',
  'no_stock',
  'slots_out_of_service',
  'door_open',
  'disk_full',
] as const;
export type OutReason = (typeof outReasons)[number];

/** A remark on the present screen: a problem's code, and what the sentence needs. */
const noteSchema = z.nullable(
  z.object({ code: z.string(), attemptsLeft: z.optional(z.int()), retryAfterMs: z.optional(z.int()) }),
);

const phases = ['authorising', 'preparing', 'turning', 'watching', 'settling'] as const;
export type VendPhase = (typeof phases)[number];

/** Exactly what is on the screen. The UI draws it and adds nothing. */
export const screenSchema = z.discriminatedUnion('name', [
  z.object({
    name: z.literal('out_of_service'),
    reasons: z.array(z.enum(outReasons)),
    pickupPossible: z.boolean(),
    help: z.string(),
  }),
  z.object({ name: z.literal('attract'), gifts: z.array(giftSchema) }),
  z.object({ name: z.literal('identify'), note: noteSchema }),
  z.object({ name: z.literal('enter_number'), note: noteSchema }),
  /** `for` says which credential waits for its PIN; the number itself is never sent back to the screen. */
  z.object({ name: z.literal('enter_pin'), for: z.enum(['card', 'member_id']), note: noteSchema }),
  z.object({ name: z.literal('checking') }),
  z.object({ name: z.literal('choose'), offers: z.array(offerSchema), note: noteSchema }),
  z.object({ name: z.literal('confirm'), gift: giftSchema, pointsAfter: z.int(), note: noteSchema }),
  z.object({
    name: z.literal('dispensing'),
    gift: giftSchema,
    slot: z.int(),
    slots: z.array(z.int()),
    phase: z.enum(phases),
    /** Steps of the phases done and in all, from the daemon's real progress. */
    step: z.int(),
    steps: z.int(),
  }),
  /** `pointsLeft` is null for a pick-up by code: the screen then knows no member. `another` says whether one may choose again. */
  z.object({
    name: z.literal('take'),
    gift: giftSchema,
    pointsLeft: z.nullable(z.int()),
    receiptTo: z.nullable(z.string()),
    trayEmpty: z.boolean(),
    another: z.boolean(),
  }),
  z.object({
    name: z.literal('failed'),
    code: z.string(),
    gift: z.nullable(giftSchema),
    pointsTaken: z.literal(0),
    another: z.boolean(),
    help: z.string(),
  }),
  z.object({ name: z.literal('in_doubt'), gift: giftSchema, points: z.int(), reference: z.string(), help: z.string() }),
]);
export type Screen = z.infer<typeof screenSchema>;
export type ScreenName = Screen['name'];

export const prefsSchema = z.object({
  language: languageSchema,
  largeText: z.boolean(),
  highContrast: z.boolean(),
  spoken: z.boolean(),
});
export type Prefs = z.infer<typeof prefsSchema>;

/** The whole truth of the screen; every one replaces the last. */
export const snapshotSchema = z.object({
  /** Rises with every change; an intent for an older one is refused as a stale tap. A restarted daemon starts a new `epoch`. */
  version: z.int(),
  epoch: z.string(),
  screen: screenSchema,
  prefs: prefsSchema,
  /** Masked name and points, only while a member is signed in. */
  member: z.nullable(z.object({ maskedName: z.string(), points: z.int() })),
  /** Time left on this screen, in ms at the moment of sending; null for none. `warn` asks "More time?". */
  deadline: z.nullable(z.object({ leftMs: z.int(), ofMs: z.int(), warn: z.boolean() })),
  online: z.boolean(),
  kioskName: z.string(),
});
export type Snapshot = z.infer<typeof snapshotSchema>;
