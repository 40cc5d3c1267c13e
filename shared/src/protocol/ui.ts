import * as z from 'zod/mini';
import { answerOf } from './answer.ts';
import { prefsSchema, snapshotSchema } from './ui-snapshot.ts';

/** What the daemon sends; the screen reads that file alone, and so carries no schema that it never checks. */
export * from './ui-snapshot.ts';

/** What a person can mean by a tap. Digits stay in the UI until they are submitted. */
export const intentSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('begin') }),
  z.object({ type: z.literal('enter_number') }),
  z.object({ type: z.literal('submit_number'), memberId: z.string().check(z.maxLength(16)) }),
  z.object({ type: z.literal('submit_pin'), pin: z.string().check(z.maxLength(8)) }),
  z.object({ type: z.literal('choose'), rewardId: z.string().check(z.maxLength(26)) }),
  z.object({ type: z.literal('confirm') }),
  z.object({ type: z.literal('back') }),
  z.object({ type: z.literal('another') }),
  z.object({ type: z.literal('more_time') }),
  z.object({ type: z.literal('end') }),
  z.object({ type: z.literal('set_prefs'), prefs: z.partial(prefsSchema) }),
]);
export type Intent = z.infer<typeof intentSchema>;

export const uiExchanges = {
  /** `prefs`, `more_time` and `end` are accepted at any version of the present epoch; the rest only at the newest. */
  intent: {
    about: 'A tap, for the snapshot that was on the screen.',
    request: z.object({ epoch: z.string().check(z.maxLength(26)), version: z.int(), intent: intentSchema }),
    answer: answerOf({}),
  },
} as const;
export type IntentRequest = z.infer<(typeof uiExchanges)['intent']['request']>;
export type IntentAnswer = z.infer<(typeof uiExchanges)['intent']['answer']>;

/** Daemon → UI: `snapshot` on connection and on every change. */
export const uiPushes = { snapshot: snapshotSchema } as const;
