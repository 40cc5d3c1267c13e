import * as z from 'zod/mini';

/** What the guard tells its deputy over a pipe. `bye`: the guard stops in order, nothing is left to do. */
export const toDeputySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('driving'), line: z.int(), ms: z.number() }),
  z.object({ type: z.literal('let_go'), line: z.int() }),
  z.object({ type: z.literal('beat') }),
  z.object({ type: z.literal('bye') }),
]);
export type ToDeputy = z.infer<typeof toDeputySchema>;

/** The deputy only answers beats. */
export const fromDeputySchema = z.object({ type: z.literal('beat') });
export type FromDeputy = z.infer<typeof fromDeputySchema>;
