import * as z from 'zod/mini';
import { slotSchema } from '@tessera/shared/ids/schemas';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import { evidenceSchema, outcomeSchema, vendStateSchema } from '@tessera/shared/protocol/kiosk-parts';
import { kioskExchanges } from '@tessera/shared/protocol/kiosk';
import { vendEvents } from '@tessera/shared/redemption/vend';

/**
 * The format this release writes, and the oldest release's format that can still read it. A kiosk that returns to an
 * older release reads on: fields and record kinds it does not know are skipped, as long as `readableBy` allows it.
 */
export const FORMAT = 1;
export const READABLE_BY = 1;

/** The first record of every journal file. After a compaction it carries on epoch, sequence and hash. */
const baseSchema = z.object({
  kind: z.literal('base'),
  format: z.int(),
  readableBy: z.int(),
  epoch: ulidSchema,
  /** False in a new journal until the server has told which pick-up codes were used: until then none is served offline. */
  usedKnown: z.boolean(),
  /** Energisings in a row that ended with the daemon's death, by slot. */
  crashes: z.record(z.string(), z.int()),
});

/** One step of the vend machine. What is known of the redemption is written with its first step. */
const vendSchema = z.object({
  kind: z.literal('vend'),
  id: ulidSchema,
  event: z.enum(vendEvents),
  to: vendStateSchema,
  atMs: z.int(),
  order: z.optional(
    z.object({
      via: z.enum(['walk_up', 'pickup']),
      slot: slotSchema,
      rewardId: ulidSchema,
      price: z.int(),
    }),
  ),
  /** The server's signed word that points are held (walk-up), or the pick-up code itself: both are replayed to a restored server. */
  grant: z.optional(z.string()),
  evidence: z.optional(evidenceSchema),
  /** Set where the server refused the report for good. */
  refusal: z.optional(z.string()),
});

const varianceSchema = z.object({ kind: z.literal('variance'), report: kioskExchanges.variance.request });
const varianceSentSchema = z.object({ kind: z.literal('variance_sent'), eventId: ulidSchema });
/** Pick-up codes that must never be served again; `complete` once the server has told them all. */
const usedSchema = z.object({ kind: z.literal('used'), ids: z.array(ulidSchema), complete: z.boolean() });
/** A grant that outlived a compaction. */
const keptGrantSchema = z.object({
  kind: z.literal('grant'),
  id: ulidSchema,
  grant: z.string(),
  slot: slotSchema,
  outcome: z.nullable(outcomeSchema),
  atMs: z.int(),
});
/** The record after this one's place could not be read: whatever was about to vend may have been driven. */
const damageSchema = z.object({ kind: z.literal('damage'), bytes: z.int() });

export const recordSchema = z.discriminatedUnion('kind', [
  baseSchema,
  vendSchema,
  varianceSchema,
  varianceSentSchema,
  usedSchema,
  keptGrantSchema,
  damageSchema,
]);
export type JournalRecord = z.infer<typeof recordSchema>;
export type BaseRecord = z.infer<typeof baseSchema>;
export type VendRecord = z.infer<typeof vendSchema>;
export type GrantRecord = z.infer<typeof keptGrantSchema>;
export type Order = NonNullable<VendRecord['order']>;

const knownKinds = new Set(['base', 'vend', 'variance', 'variance_sent', 'used', 'grant', 'damage']);

/** Reads one record's JSON: a record, `skip` for a kind of a newer release, or `bad`. */
export function readRecord(json: unknown): JournalRecord | 'skip' | 'bad' {
  const parsed = recordSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const kind = z.safeParse(z.object({ kind: z.string() }), json);
  return kind.success && !knownKinds.has(kind.data.kind) ? 'skip' : 'bad';
}
