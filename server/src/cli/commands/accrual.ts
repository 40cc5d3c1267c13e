import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import { defineCommand, type CommandSpec } from '../command.ts';
import { text, ulid, wholeNumber } from '../inputs.ts';
import { facts, table, timeText } from '../table.ts';

const verdict = z.looseObject({ name: z.string(), verdict: z.string(), wanted: z.number(), points: z.number() });
const line = z.looseObject({
  line: z.number(),
  product: z.string(),
  amountMinor: z.number(),
  points: z.number(),
  refundedMinor: z.number(),
  refundedPoints: z.number(),
});
const accrual = z.looseObject({
  accrualId: z.string(),
  merchantId: z.string(),
  memberId: z.string(),
  reference: z.string(),
  amountMinor: z.number().nullable(),
  currency: z.string().nullable(),
  points: z.number(),
  refundedPoints: z.number(),
  soldAt: z.number(),
  decision: z.looseObject({ rules: z.array(verdict) }),
  lines: z.array(line),
});
const refund = z.looseObject({ refundId: z.string(), points: z.number(), owed: z.number(), amountMinor: z.number() });

export const accrualShow: CommandSpec = defineCommand({
  name: 'accrual show',
  summary: 'show a sale: its products, and why it earned what it did',
  about: 'Every rule that was in force is named, fired or not, with its numbers.',
  examples: ['tessera accrual show 01KDVDNA00000000000000000A --data ./data'],
  reach: 'server',
  arguments: [{ name: 'accrualId', about: 'the sale' }],
  input: z.object({ accrualId: ulid('sale') }),
  async run(context, { accrualId }) {
    const api = context.api();
    if (!api.ok) return api;
    const found = await api.value.get(`/v1/accruals/${accrualId}`, accrual);
    if (!found.ok) return found;
    const sale = found.value;
    const head = facts([
      ['sale', sale.reference],
      ['merchant', sale.merchantId],
      ['member', sale.memberId],
      ['sold at', timeText(sale.soldAt)],
      ['amount', sale.amountMinor === null ? null : `${String(sale.amountMinor)} ${sale.currency ?? ''}`],
      ['points', sale.points],
      ['given back', sale.refundedPoints],
    ]);
    const lines = table(
      sale.lines,
      [
        { title: 'line', value: (row) => row.line, right: true },
        { title: 'product', value: (row) => row.product },
        { title: 'amount', value: (row) => row.amountMinor, right: true },
        { title: 'points', value: (row) => row.points, right: true },
        { title: 'given back', value: (row) => row.refundedPoints, right: true },
      ],
      'The till sent no products.',
    );
    const rules = table(
      sale.decision.rules,
      [
        { title: 'rule', value: (row) => row.name },
        { title: 'verdict', value: (row) => row.verdict },
        { title: 'wanted', value: (row) => row.wanted, right: true },
        { title: 'points', value: (row) => row.points, right: true },
      ],
      'No rule was in force: the merchant’s rate alone.',
    );
    return ok({ json: sale, text: [head, lines, rules].join('\n\n') });
  },
});

export const accrualRefund: CommandSpec = defineCommand({
  name: 'accrual refund',
  summary: 'give goods of a sale back, and their points with them',
  about:
    'All that is left, an amount of one line, an amount of a sale without lines, or points of a sale whose points were typed. ' +
    'What the member does not have any more is owed.',
  examples: [
    'tessera accrual refund 01KDVDNA00000000000000000A --all --reason "Did not fit" --data ./data',
    'tessera accrual refund 01KDVDNA00000000000000000A --line 2 --amount 450 --reason Broken --data ./data',
  ],
  reach: 'server',
  arguments: [{ name: 'accrualId', about: 'the sale' }],
  options: [
    { flags: '--all', about: 'all that has not come back yet' },
    { flags: '--line <number>', about: 'of which line' },
    { flags: '--amount <minor>', about: 'how much came back, in minor units' },
    { flags: '--points <points>', about: 'how many points come back' },
    { flags: '--reason <text>', about: 'why' },
    { flags: '--reference <text>', about: 'its own number (a fresh one)' },
  ],
  input: z.object({
    accrualId: ulid('sale'),
    all: z.boolean().optional(),
    line: wholeNumber('A line is a whole number from 1.', 1, 200).optional(),
    amount: wholeNumber('An amount is a whole number of minor units.', 0, 100_000_000).optional(),
    points: wholeNumber('Points are a whole number from 1.', 1, 1_000_000).optional(),
    reason: text('Say why: --reason TEXT.'),
    reference: text('A reference is not empty.', 64).optional(),
  }),
  async run(context, input) {
    const api = context.api();
    if (!api.ok) return api;
    const goods = goodsOf(input);
    if (goods === undefined) {
      const detail = 'Say what came back: --all, --amount (with --line where the sale has lines), or --points.';
      return err(problem('malformed', { detail }));
    }
    const key = context.newKey();
    const body = { reference: input.reference ?? key, reason: input.reason, goods };
    const done = await api.value.post(`/v1/accruals/${input.accrualId}/refunds`, refund, body, key);
    if (!done.ok) return done;
    return ok({
      json: done.value,
      text: facts([
        ['refund', done.value.refundId],
        ['amount', done.value.amountMinor],
        ['points', done.value.points],
        ['of these owed', done.value.owed],
      ]),
    });
  },
});

type Wanted = {
  readonly all?: boolean | undefined;
  readonly line?: number | undefined;
  readonly amount?: number | undefined;
  readonly points?: number | undefined;
};

/** Undefined where the options do not say one thing. */
function goodsOf({ all, line: number, amount: amountMinor, points }: Wanted): unknown {
  const said = [all, amountMinor, points].filter((each) => each !== undefined);
  if (said.length !== 1 || (number !== undefined && amountMinor === undefined)) return undefined;
  if (all) return 'all';
  if (points !== undefined) return { points };
  return number === undefined ? { amountMinor } : { lines: [{ line: number, amountMinor }] };
}
