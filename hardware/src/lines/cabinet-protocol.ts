import * as z from 'zod/mini';
import { problemSchema } from '@tessera/shared/problem';

/** The version of the simulated cabinet's line socket. */
export const CABINET_PROTOCOL = 1;

const id = z.int().check(z.minimum(0));
const line = z.int().check(z.minimum(0), z.maximum(9999));
const lines = z.array(z.object({ line, activeLow: z.boolean() })).check(z.maxLength(400));

/** What a driver says to the cabinet. The first message is `hello`. */
export const toCabinetSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), version: z.int() }),
  /** Claims outputs, exclusively and all inactive, in one step. */
  z.object({ type: z.literal('claim'), id, lines }),
  z.object({ type: z.literal('set'), id, line, active: z.boolean() }),
  z.object({ type: z.literal('release'), id }),
  /** Opens inputs; many may read the same one. */
  z.object({ type: z.literal('open'), id, lines }),
  z.object({ type: z.literal('read'), id, line }),
]);
export type ToCabinet = z.infer<typeof toCabinetSchema>;

/** What the cabinet answers. */
export const fromCabinetSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), version: z.int() }),
  z.object({ type: z.literal('done'), id, active: z.optional(z.boolean()) }),
  z.object({
    type: z.literal('refused'),
    id,
    code: z.enum(['busy', 'no_such_line', 'refused']),
    detail: z.string(),
  }),
  z.object({ type: z.literal('edge'), line, active: z.boolean(), atMs: z.number() }),
  z.object({ type: z.literal('problem'), problem: problemSchema }),
]);
export type FromCabinet = z.infer<typeof fromCabinetSchema>;
