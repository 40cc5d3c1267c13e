import { ok } from '@tessera/shared/result';
import * as z from 'zod';
import { defineCommand, type CommandSpec } from '../command.ts';
import { kioskId, slotNumber, text, wholeNumber } from '../inputs.ts';

const reason = text('A reason has 1 to 200 characters.').optional();
const place = [
  { name: 'kioskId', about: 'the kiosk; "tessera kiosk list" shows them' },
  { name: 'slot', about: 'the number printed beside the slot' },
];

export const stockLoad: CommandSpec = defineCommand({
  name: 'stock load',
  summary: 'record goods put into a slot',
  about: 'Say how many pieces were added, not how many are there now. For that, count.',
  examples: ['tessera stock load k01JA…7Q 3 8 --reason "Friday refill" --data ./data'],
  reach: 'server',
  arguments: [...place, { name: 'quantity', about: 'how many pieces were added' }],
  options: [{ flags: '--reason <text>', about: 'why, for the record' }],
  input: z.object({
    kioskId,
    slot: slotNumber,
    quantity: wholeNumber('The quantity is a whole number from 1 to 999.', 1, 999),
    reason,
  }),
  async run(context, { kioskId: kiosk, slot, quantity, reason: why }) {
    const api = context.api();
    if (!api.ok) return api;
    const path = `/v1/kiosks/${kiosk}/slots/${String(slot)}/loads`;
    const body = { quantity, ...(why === undefined ? {} : { reason: why }) };
    const answer = await api.value.post(path, z.looseObject({ onHand: z.number() }), body, context.newKey());
    if (!answer.ok) return answer;
    const now = String(answer.value.onHand);
    return ok({ json: answer.value, text: `Slot ${String(slot)}: ${String(quantity)} added, ${now} on hand.` });
  },
});

const verdicts = {
  agrees: 'The books agree.',
  difference: 'The books said otherwise; the difference is booked as a variance.',
  none_fell: 'It proves that nothing in doubt fell: the points went back.',
  all_fell: 'It proves that everything in doubt fell: the points are used.',
  not_conclusive: 'It does not prove what happened. Two staff have to decide: tessera redemptions resolve.',
} as const;
const UNDER_WAY =
  'Nothing was booked: a redemption of this reward at this kiosk has not ended, and its unit may have fallen. ' +
  'Count again once it has: tessera redemptions list.';
const verdictAnswer = z.looseObject({
  verdict: z.enum(['agrees', 'difference', 'none_fell', 'all_fell', 'not_conclusive']),
  underWay: z.number(),
});

export const stockCount: CommandSpec = defineCommand({
  name: 'stock count',
  summary: 'record a blind count of a slot',
  about:
    'Count what stands in the slot, and what lies in the tray, without looking up what is expected: ' +
    'a count is evidence. It settles redemptions in doubt on this slot where it proves what happened.',
  examples: [
    'tessera stock count k01JA…7Q 3 5 --data ./data',
    'tessera stock count k01JA…7Q 3 5 --tray 1 --data ./data',
  ],
  reach: 'server',
  arguments: [...place, { name: 'counted', about: 'how many pieces stand in the slot' }],
  options: [{ flags: '--tray <pieces>', about: 'pieces of this gift found in the tray' }],
  input: z.object({
    kioskId,
    slot: slotNumber,
    counted: wholeNumber('A count is a whole number from 0 to 999.', 0, 999),
    tray: wholeNumber('The tray holds 0 to 99 pieces.', 0, 99).optional(),
  }),
  async run(context, { kioskId: kiosk, slot, counted, tray }) {
    const api = context.api();
    if (!api.ok) return api;
    const path = `/v1/kiosks/${kiosk}/slots/${String(slot)}/counts`;
    const body = { counted, ...(tray === undefined ? {} : { tray }) };
    const answer = await api.value.post(path, verdictAnswer, body, context.newKey());
    if (!answer.ok) return answer;
    const { verdict, underWay } = answer.value;
    const meaning = verdict === 'not_conclusive' && underWay > 0 ? UNDER_WAY : verdicts[verdict];
    return ok({ json: answer.value, text: `Slot ${String(slot)}: counted ${String(counted)}. ${meaning}` });
  },
});
