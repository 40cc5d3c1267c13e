import * as z from 'zod/mini';
import { problemSchema } from '../problem.ts';

/** Every acknowledgement is `{ok: true, …}` or `{ok: false, problem}`. */
export const answerOf = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), ...shape }),
    z.object({ ok: z.literal(false), problem: problemSchema }),
  ]);

/** What travels under one event name: the request and its acknowledgement. */
export const exchange = <Request extends z.core.$ZodType, Shape extends z.core.$ZodLooseShape>(
  about: string,
  request: Request,
  answer: Shape,
) => ({ about, request, answer: answerOf(answer) });
