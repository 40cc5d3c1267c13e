import * as z from 'zod/mini';
import { problemSchema } from '@tessera/shared/problem';

/** The version of the guard's socket. */
export const GUARD_PROTOCOL = 1;

const line = z.int().check(z.minimum(0), z.maximum(9999));
const id = z.int().check(z.minimum(0));

/**
 * What is said to the guard, one JSON object a line. The first message is `hello`: a `driver` may move things and fences any
 * driver before it; a `probe` only learns how the guard is (a supervisor's health check must not disturb a vend).
 */
export const toGuardSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), version: z.int(), role: z.enum(['driver', 'probe']) }),
  z.object({ type: z.literal('beat') }),
  z.object({ type: z.literal('pulse'), id, line, ms: z.int().check(z.minimum(1), z.maximum(60_000)) }),
  z.object({ type: z.literal('let_go'), line }),
]);
export type ToGuard = z.infer<typeof toGuardSchema>;

const endSchema = z.object({ drivenMs: z.number(), by: z.enum(['time', 'let_go', 'limit', 'lost']) });

/** What the guard says. `ready`: it owns the lines and its deputy lives. `refusals`: messages refused since its start. */
export const fromGuardSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), version: z.int(), ready: z.boolean(), refusals: z.int() }),
  z.object({ type: z.literal('beat'), ready: z.boolean(), refusals: z.int() }),
  z.object({ type: z.literal('ended'), id, end: endSchema }),
  z.object({
    type: z.literal('refused'),
    id,
    code: z.enum(['busy', 'no_such_line', 'gone', 'refused', 'timeout', 'limit', 'bad_message']),
    detail: z.string(),
  }),
  z.object({ type: z.literal('problem'), problem: problemSchema }),
]);
export type FromGuard = z.infer<typeof fromGuardSchema>;
