import * as z from 'zod/mini';
import { faultsSchema, noFaults } from './faults.ts';

/** One drop: the ground truth. `item` is the thing that fell, so that no drop is counted twice over a restart. */
export const dropSchema = z.object({ seq: z.int(), slot: z.int(), atMs: z.int(), item: z.int() });
export type Drop = z.infer<typeof dropSchema>;

/** How long a motor's relay was driven, by the cabinet's own wall clock; `offAtMs` is null while it is. */
export const drivenSchema = z.object({
  slot: z.int(),
  onAtMs: z.int(),
  offAtMs: z.nullable(z.int()),
  drivenMs: z.nullable(z.int()),
});
export type Driven = z.infer<typeof drivenSchema>;

/** All of the cabinet's physics but the drops: what outlives the death of its process. */
export const savedSchema = z.object({
  slots: z.array(
    z.object({
      slot: z.int(),
      goods: z.int(),
      hanging: z.int(),
      pulses: z.int(),
      relay: z.boolean(),
      angle: z.number(),
      nextMark: z.int(),
    }),
  ),
  /** Items on their way down, and how long they still fall. */
  falling: z.array(z.object({ item: z.int(), slot: z.int(), inMs: z.number() })),
  nextItem: z.int(),
  nextDrop: z.int(),
  tray: z.int(),
  doorOpen: z.boolean(),
  emitterOff: z.boolean(),
  indicator: z.boolean(),
  driven: z.array(drivenSchema),
  faults: faultsSchema,
});
export type Saved = z.infer<typeof savedSchema>;

/** A slot as it was delivered: full, at home, never driven. */
export const newSlot = (slot: number, goods: number): Saved['slots'][number] => ({
  slot,
  goods,
  hanging: 0,
  pulses: 0,
  relay: false,
  angle: 0,
  nextMark: 0,
});

/** A cabinet as it was delivered; its slots are filled in by the model. */
export const newCabinet: Saved = {
  slots: [],
  falling: [],
  nextItem: 1,
  nextDrop: 1,
  tray: 0,
  doorOpen: false,
  emitterOff: false,
  indicator: false,
  driven: [],
  faults: noFaults,
};
