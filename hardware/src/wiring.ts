import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { slotSchema } from '@tessera/shared/ids/schemas';
import { err, ok, type Result } from '@tessera/shared/result';
import type { OutputLine, SlotWiring, Wiring } from './ports.ts';

const lineSchema = z.int().check(z.minimum(0), z.maximum(9999));
/** No motor turns longer than this, whatever the file says. */
const pulseSchema = z.int().check(z.minimum(10), z.maximum(10_000));
const contactSchema = z.object({ input: lineSchema, activeLow: z.boolean() });
const outputSchema = z.object({ line: lineSchema, activeLow: z.boolean() });

const slotWiringSchema = z.object({
  slot: slotSchema,
  motor: lineSchema,
  activeLow: z.boolean(),
  inputsActiveLow: z.boolean(),
  pulseMs: pulseSchema,
  home: z.nullable(lineSchema),
  current: z.nullable(lineSchema),
});

const wiringSchema = z.object({
  slots: z.array(slotWiringSchema).check(z.minLength(1), z.maxLength(99)),
  beam: z.object({ ...contactSchema.shape, emitter: z.nullable(outputSchema) }),
  tray: z.nullable(contactSchema),
  door: z.nullable(contactSchema),
  indicator: z.nullable(
    z.object({ ...outputSchema.shape, longestMs: z.int().check(z.minimum(10), z.maximum(60_000)) }),
  ),
  settleMs: z.int().check(z.minimum(100), z.maximum(30_000)),
  earliestDropMs: z.int().check(z.minimum(0), z.maximum(10_000)),
  emitterTestMs: z.int().check(z.minimum(10), z.maximum(1_000)),
});

/** An output with what the guard must know of it: how long at most, and what it is for. */
export type GuardedLine = OutputLine & { readonly limitMs: number; readonly kind: 'motor' | 'emitter' | 'indicator' };

/** Every output of a cabinet with its limit: what the guard claims. */
export function guardedLines(wiring: Wiring): GuardedLine[] {
  const motors = wiring.slots.map(({ motor, activeLow, pulseMs }): GuardedLine => ({
    line: motor,
    activeLow,
    limitMs: pulseMs,
    kind: 'motor',
  }));
  const { emitter } = wiring.beam;
  const { indicator } = wiring;
  return [
    ...motors,
    ...(emitter ? [{ ...emitter, limitMs: wiring.emitterTestMs, kind: 'emitter' as const }] : []),
    ...(indicator
      ? [
          {
            line: indicator.line,
            activeLow: indicator.activeLow,
            limitMs: indicator.longestMs,
            kind: 'indicator' as const,
          },
        ]
      : []),
  ];
}

/** Every input of a cabinet: what the dispenser opens. */
export function inputLines(wiring: Wiring): OutputLine[] {
  const contact = (at: { input: number; activeLow: boolean } | null): OutputLine[] =>
    at ? [{ line: at.input, activeLow: at.activeLow }] : [];
  const ofSlot = ({ home, current, inputsActiveLow }: SlotWiring): OutputLine[] =>
    [home, current].flatMap((line) => (line === null ? [] : [{ line, activeLow: inputsActiveLow }]));
  return [
    ...contact(wiring.beam),
    ...contact(wiring.tray),
    ...contact(wiring.door),
    ...wiring.slots.flatMap((slot) => ofSlot(slot)),
  ];
}

const hasTwice = (values: readonly number[]): boolean => new Set(values).size < values.length;

/** Checks a wiring: shape, and that no slot or line is named twice. */
export function parseWiring(value: unknown): Result<Wiring, string> {
  const parsed = z.safeParse(wiringSchema, value);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    return err(wrong.join('; '));
  }
  const wiring: Wiring = parsed.data;
  if (hasTwice(wiring.slots.map(({ slot }) => slot))) return err('A slot is named twice.');
  if (hasTwice(guardedLines(wiring).map(({ line }) => line))) return err('An output line is used twice.');
  if (hasTwice(inputLines(wiring).map(({ line }) => line))) return err('An input line is used twice.');
  return ok(wiring);
}

/** Reads a wiring file; the error is a sentence for the engineer. */
export async function loadWiring(path: string): Promise<Result<Wiring, string>> {
  try {
    const parsed = parseWiring(JSON.parse(await readFile(path, 'utf8')));
    return parsed.ok ? parsed : err(`${path}: ${parsed.error}`);
  } catch (error) {
    return err(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** How many slots the simulated cabinet can have. */
export const MOST_SLOTS = 60;

/**
 * The wiring of the simulated cabinet: active-low relays and contacts to ground, as most boards have.
 * The cabinet takes its line numbers from here too, so they are written once.
 */
export function demoWiring(slots = 8): Wiring {
  return {
    slots: Array.from({ length: slots }, (_, index) => ({
      slot: index + 1,
      motor: 101 + index,
      activeLow: true,
      inputsActiveLow: true,
      pulseMs: 1_800,
      home: 201 + index,
      current: 301 + index,
    })),
    beam: { input: 10, activeLow: true, emitter: { line: 1, activeLow: true } },
    tray: { input: 11, activeLow: true },
    door: { input: 12, activeLow: true },
    indicator: { line: 2, activeLow: true, longestMs: 30_000 },
    settleMs: 1_200,
    earliestDropMs: 900,
    emitterTestMs: 30,
  };
}
