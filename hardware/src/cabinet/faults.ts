import * as z from 'zod/mini';
import { slotSchema } from '@tessera/shared/ids/schemas';

/** What can be wrong with a slot. `stray_drop` happens once, at once; the others last until cleared or used up. */
export const slotFaults = [
  'jam',
  'hang',
  'late_drop',
  'double_drop',
  'slow_motor',
  'dead_relay',
  'stuck_home',
  'stray_drop',
] as const;
export type SlotFault = (typeof slotFaults)[number];

/** Devices with a plug. */
export const serialDevices = ['scanner', 'reader', 'printer'] as const;
export type SerialDevice = (typeof serialDevices)[number];

export const beamFaults = ['stuck_beam', 'blind_beam'] as const;
export type BeamFault = (typeof beamFaults)[number];

export const deviceFaults = ['unplugged', 'garbage', 'silence', 'paper_out'] as const;
export type DeviceFault = (typeof deviceFaults)[number];

/**
 * `POST /faults`. `none` clears the slot's or device's faults, or all where neither is named. `times`: how many items it
 * strikes before it clears by itself; `delayMs`: how late a late drop falls.
 */
export const faultRequestSchema = z.strictObject({
  slot: z.optional(slotSchema),
  device: z.optional(z.enum([...serialDevices, 'beam'])),
  fault: z.enum([...slotFaults, ...beamFaults, ...deviceFaults, 'none']),
  times: z.optional(z.int().check(z.minimum(1), z.maximum(1_000))),
  delayMs: z.optional(z.int().check(z.minimum(0), z.maximum(600_000))),
});
export type FaultRequest = z.infer<typeof faultRequestSchema>;

/** A fault in force. */
export const slotFaultStateSchema = z.object({
  slot: slotSchema,
  fault: z.enum(slotFaults),
  timesLeft: z.nullable(z.int()),
  delayMs: z.nullable(z.int()),
});
const deviceFaultStateSchema = z.object({ device: z.enum(serialDevices), fault: z.enum(deviceFaults) });
export const faultsSchema = z.object({
  slots: z.array(slotFaultStateSchema),
  beam: z.nullable(z.enum(beamFaults)),
  devices: z.array(deviceFaultStateSchema),
});
export type SlotFaultState = z.infer<typeof slotFaultStateSchema>;
export type Faults = z.infer<typeof faultsSchema>;

export const noFaults: Faults = { slots: [], beam: null, devices: [] };

const isOneOf = <T extends string>(list: readonly T[], value: string): value is T =>
  (list as readonly string[]).includes(value);

/** Clears what the request names. */
function cleared(faults: Faults, { slot, device }: FaultRequest): Faults {
  if (slot === undefined && device === undefined) return noFaults;
  return {
    slots: faults.slots.filter((each) => each.slot !== slot),
    beam: device === 'beam' ? null : faults.beam,
    devices: faults.devices.filter((each) => each.device !== device),
  };
}

/** The faults after a request; a string says why it makes no sense. `stray_drop` is an act, not a state: it is not kept. */
export function applyFault(faults: Faults, request: FaultRequest): Faults | string {
  const { slot, device, fault } = request;
  if (fault === 'none') return cleared(faults, request);
  if (isOneOf(slotFaults, fault)) {
    if (slot === undefined || device !== undefined) return `${fault} is a fault of a slot: name the slot alone.`;
    if (fault === 'stray_drop') return faults;
    const state = { slot, fault, timesLeft: request.times ?? null, delayMs: request.delayMs ?? null };
    const others = faults.slots.filter((each) => each.slot !== slot || each.fault !== fault);
    return { ...faults, slots: [...others, state] };
  }
  if (slot !== undefined) return `${fault} is no fault of a slot.`;
  if (isOneOf(beamFaults, fault)) {
    return device === undefined || device === 'beam' ? { ...faults, beam: fault } : `${fault} is a fault of the beam.`;
  }
  if (device === undefined || device === 'beam') return `${fault} needs a device: scanner, reader or printer.`;
  if (fault === 'paper_out' && device !== 'printer') return 'Only the printer runs out of paper.';
  const others = faults.devices.filter((each) => each.device !== device || each.fault !== fault);
  return { ...faults, devices: [...others, { device, fault }] };
}

/** The fault of a slot, where it is in force. */
export const slotFault = (faults: Faults, slot: number, fault: SlotFault): SlotFaultState | undefined =>
  faults.slots.find((each) => each.slot === slot && each.fault === fault);

/** One use of a counted fault. */
export function useFault(faults: Faults, used: SlotFaultState): Faults {
  if (used.timesLeft === null) return faults;
  const left = { ...used, timesLeft: used.timesLeft - 1 };
  const others = faults.slots.filter((each) => each !== used);
  return { ...faults, slots: left.timesLeft > 0 ? [...others, left] : others };
}

/** True where a device has this fault. */
export const deviceHas = (faults: Faults, device: SerialDevice, fault: DeviceFault): boolean =>
  faults.devices.some((each) => each.device === device && each.fault === fault);
