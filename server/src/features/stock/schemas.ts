import { kioskIdSchema, slotSchema } from '@tessera/shared/ids/schemas';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import * as z from 'zod';
import { atMs, line } from '../../platform/openapi/fields.ts';
import type { SlotRow } from './service.ts';
import type { movements, variances } from './store.ts';

const UNITS_MAX = 1000;
const capacity = z.int().min(0).max(UNITS_MAX);

export const slotParams = z.object({ kioskId: kioskIdSchema, slot: z.coerce.number().int().min(1).max(99) });
const reason = line(200);

export const planogramBody = z.strictObject({
  slots: z
    .array(z.strictObject({ slot: slotSchema, rewardId: z.nullable(ulidSchema), capacity }))
    .min(1)
    .max(99),
});
export const loadBody = z.strictObject({ quantity: z.int().min(1).max(UNITS_MAX), reason: reason.default('refill') });
export const adjustBody = z.strictObject({
  quantity: z.int().min(-UNITS_MAX).max(UNITS_MAX).describe('Negative takes units out, positive books units found.'),
  reason,
});
export const serviceBody = z.strictObject({ inService: z.boolean(), reason: reason.default('staff') });

export const slotView = z
  .object({
    slot: z.int(),
    rewardId: z.string().nullable(),
    capacity: z.int(),
    onHand: z.int().describe('In the books; units in doubt are still in it.'),
    reserved: z.int(),
    available: z.int(),
    inDoubt: z.int(),
    inService: z.boolean(),
    serviceEpoch: z.int(),
    outReason: z.string().nullable(),
  })
  .meta({ id: 'Slot' });

export const viewSlot = (row: SlotRow): z.input<typeof slotView> => ({
  slot: row.slot,
  rewardId: row.reward_id,
  capacity: row.capacity,
  onHand: row.on_hand,
  reserved: row.reserved,
  available: Math.max(0, row.on_hand - row.reserved),
  inDoubt: row.in_doubt,
  inService: row.in_service === 1,
  serviceEpoch: row.service_epoch,
  outReason: row.out_reason,
});

export const movementView = z
  .object({
    movementId: z.int(),
    kioskId: z.string(),
    slot: z.int(),
    rewardId: z.string().nullable(),
    kind: z.enum(['load', 'drop', 'remove', 'write_off', 'variance', 'count']),
    change: z.int(),
    onHandAfter: z.int(),
    redemptionId: z.string().nullable(),
    reason: z.string(),
    by: z.string(),
    at: atMs,
  })
  .meta({ id: 'StockMovement' });

export const viewMovement = (row: Awaited<ReturnType<typeof movements>>[number]): z.input<typeof movementView> => ({
  movementId: row.movement_id,
  kioskId: row.kiosk_id,
  slot: row.slot,
  rewardId: row.reward_id,
  kind: row.kind,
  change: row.change,
  onHandAfter: row.on_hand_after,
  redemptionId: row.redemption_id,
  reason: row.reason,
  by: row.actor,
  at: row.at,
});

export const varianceView = z
  .object({
    eventId: z.string(),
    kioskId: z.string(),
    slot: z.int().nullable(),
    kind: z.enum(['stray_drop', 'extra_drop', 'door_opened', 'slot_out_of_service', 'count_difference']),
    units: z.int(),
    reason: z.string(),
    redemptionId: z.string().nullable(),
    at: atMs,
  })
  .meta({ id: 'Variance' });

export const viewVariance = (row: Awaited<ReturnType<typeof variances>>[number]): z.input<typeof varianceView> => ({
  eventId: row.event_id,
  kioskId: row.kiosk_id,
  slot: row.slot,
  kind: row.kind,
  units: row.units,
  reason: row.reason,
  redemptionId: row.redemption_id,
  at: row.at,
});
