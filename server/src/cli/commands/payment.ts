import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import { defineCommand, type CommandSpec, type Output } from '../command.ts';
import { memberId, pin, text, ulid, wholeNumber } from '../inputs.ts';
import { facts, table, timeText } from '../table.ts';

const payment = z.looseObject({
  paymentId: z.string(),
  memberId: z.string(),
  merchantId: z.string(),
  reference: z.string(),
  state: z.string(),
  points: z.number(),
  captured: z.number(),
  returned: z.number(),
  worth: z.object({ amountMinor: z.number(), currency: z.string() }).nullable(),
  approvedBy: z.string(),
  expiresAt: z.number(),
  createdAt: z.number(),
});
type Payment = z.output<typeof payment>;

const refund = z.looseObject({
  points: z.number(),
  line: z.string().nullable(),
  reason: z.string(),
  by: z.string(),
  at: z.number(),
});

const drawn = (row: Payment): Output => ({
  json: row,
  text: facts([
    ['payment', row.reference],
    ['id', row.paymentId],
    ['member', row.memberId],
    ['merchant', row.merchantId],
    ['state', row.state],
    ['points', row.points],
    ['captured', row.captured],
    ['given back', row.returned],
    ['worth', row.worth === null ? null : `${String(row.worth.amountMinor)} ${row.worth.currency}`],
    ['approved by', row.approvedBy],
    ['voided by itself', row.state === 'held' ? timeText(row.expiresAt) : null],
  ]),
});

const somePoints = wholeNumber('Points are a whole number from 1.', 1, 1_000_000).optional();
const which = { arguments: [{ name: 'paymentId', about: 'the payment' }] } as const;

export const paymentList: CommandSpec = defineCommand({
  name: 'payment list',
  summary: 'list payments with points, newest first',
  about: 'With a terminal’s token those of its own merchant.',
  examples: ['tessera payment list --data ./data', 'tessera payment list --member 4821073956 --json --data ./data'],
  reach: 'server',
  options: [
    { flags: '--merchant <id>', about: 'at one merchant' },
    { flags: '--member <id>', about: 'of one member' },
    { flags: '--limit <rows>', about: 'how many (50)' },
  ],
  input: z.object({
    merchant: ulid('merchant').optional(),
    member: memberId.optional(),
    limit: wholeNumber('Rows are a whole number from 1.', 1, 100_000).default(50),
  }),
  async run(context, { merchant: merchantId, member, limit }) {
    const api = context.api();
    if (!api.ok) return api;
    const rows = await api.value.all('/v1/payments', payment, { merchantId, memberId: member }, limit);
    if (!rows.ok) return rows;
    const columns = [
      { title: 'id', value: (row: Payment) => row.paymentId },
      { title: 'at', value: (row: Payment) => timeText(row.createdAt) },
      { title: 'member', value: (row: Payment) => row.memberId },
      { title: 'reference', value: (row: Payment) => row.reference },
      { title: 'state', value: (row: Payment) => row.state },
      { title: 'points', value: (row: Payment) => row.points, right: true },
      { title: 'captured', value: (row: Payment) => row.captured, right: true },
      { title: 'given back', value: (row: Payment) => row.returned, right: true },
    ];
    return ok({ json: { items: rows.value }, text: table(rows.value, columns, 'There are no payments.') });
  },
});

export const paymentShow: CommandSpec = defineCommand({
  name: 'payment show',
  summary: 'show a payment with what was given back of it',
  about: '"tessera points explain" says which lots it burnt.',
  examples: ['tessera payment show 01KDVDNA00000000000000000A --data ./data'],
  reach: 'server',
  ...which,
  input: z.object({ paymentId: ulid('payment') }),
  async run(context, { paymentId }) {
    const api = context.api();
    if (!api.ok) return api;
    const found = await api.value.get(`/v1/payments/${paymentId}`, payment.extend({ refunds: z.array(refund) }));
    if (!found.ok) return found;
    const refunds = table(
      found.value.refunds,
      [
        { title: 'at', value: (row) => timeText(row.at) },
        { title: 'points', value: (row) => row.points, right: true },
        { title: 'line', value: (row) => row.line ?? '' },
        { title: 'by', value: (row) => row.by },
        { title: 'reason', value: (row) => row.reason },
      ],
      'Nothing was given back.',
    );
    return ok({ json: found.value, text: `${drawn(found.value).text}\n\n${refunds}` });
  },
});

export const paymentHold: CommandSpec = defineCommand({
  name: 'payment hold',
  summary: 'hold points that a member pays with, as a till does',
  about:
    'Takes a terminal’s token: --url and --token. The member approves by the code on their phone, or by PIN, which is read ' +
    'from the standard input and never from the arguments. Capture it when the goods are handed over.',
  examples: [
    'tessera payment hold --member 4821073956 --points 300 --reference R-1 --url https://alliance.example --token tst_…',
    'tessera payment hold --qr TSR1… --points 300 --reference R-1 --url https://alliance.example --token tst_…',
  ],
  reach: 'server',
  options: [
    { flags: '--member <id>', about: 'who pays, by PIN' },
    { flags: '--qr <text>', about: 'or what the scanner read off their phone' },
    { flags: '--points <points>', about: 'how many' },
    { flags: '--reference <text>', about: 'the till’s own number of the payment' },
  ],
  input: z.object({
    member: memberId.optional(),
    qr: text('A code is not empty.', 128).optional(),
    points: wholeNumber('Points are a whole number from 1.', 1, 1_000_000),
    reference: text('Give the till’s number: --reference TEXT.', 64),
  }),
  async run(context, { member, qr, points, reference }) {
    if ((member === undefined) === (qr === undefined)) {
      return err(problem('malformed', { detail: 'Say who pays: --member, or --qr, and not both.' }));
    }
    const api = context.api();
    if (!api.ok) return api;
    const typed = qr === undefined ? pin.safeParse((await context.io.readInput()).trim()) : undefined;
    if (typed?.success === false) {
      return err(problem('malformed', { detail: 'The PIN is read from the standard input: four to eight digits.' }));
    }
    const approval = typed === undefined ? { qr } : { memberId: member, pin: typed.data };
    const held = await api.value.post('/v1/payments', payment, { approval, points, reference }, context.newKey());
    return held.ok ? ok(drawn(held.value)) : held;
  },
});

/** What ends a payment or gives it back: one POST below its address. */
const change = (context: Parameters<CommandSpec['run']>[0], paymentId: string, path: string, body: object) => {
  const api = context.api();
  if (!api.ok) return Promise.resolve(api);
  return api.value.post(`/v1/payments/${paymentId}/${path}`, payment, body, context.newKey());
};

export const paymentCapture: CommandSpec = defineCommand({
  name: 'payment capture',
  summary: 'take held points, all or a part',
  about: 'What is not captured is the member’s again at once.',
  examples: ['tessera payment capture 01KDVDNA00000000000000000A --points 250 --data ./data'],
  reach: 'server',
  ...which,
  options: [{ flags: '--points <points>', about: 'how many (all)' }],
  input: z.object({ paymentId: ulid('payment'), points: somePoints }),
  async run(context, { paymentId, points }) {
    const done = await change(context, paymentId, 'capture', points === undefined ? {} : { points });
    return done.ok ? ok(drawn(done.value)) : done;
  },
});

export const paymentVoid: CommandSpec = defineCommand({
  name: 'payment void',
  summary: 'give held points back',
  about: 'For a payment that is held and not captured; what was captured is given back by "tessera payment refund".',
  examples: ['tessera payment void 01KDVDNA00000000000000000A --data ./data'],
  reach: 'server',
  ...which,
  input: z.object({ paymentId: ulid('payment') }),
  async run(context, { paymentId }) {
    const done = await change(context, paymentId, 'void', {});
    return done.ok ? ok(drawn(done.value)) : done;
  },
});

export const paymentRefund: CommandSpec = defineCommand({
  name: 'payment refund',
  summary: 'give captured points back: a line, a number, or all',
  about:
    'They come back to the lots that they were taken from, with their age. All refunds together equal the payment.',
  examples: [
    'tessera payment refund 01KDVDNA00000000000000000A --reason "Did not fit" --data ./data',
    'tessera payment refund 01KDVDNA00000000000000000A --points 100 --reason Broken --data ./data',
  ],
  reach: 'server',
  ...which,
  options: [
    { flags: '--points <points>', about: 'how many (all that is left)' },
    { flags: '--line <name>', about: 'or one line of the till, whole' },
    { flags: '--reason <text>', about: 'why' },
  ],
  input: z.object({
    paymentId: ulid('payment'),
    points: somePoints,
    line: text('A line has a name.', 64).optional(),
    reason: text('Say why: --reason TEXT.'),
  }),
  async run(context, { paymentId, points, line, reason }) {
    const what = { ...(points === undefined ? {} : { points }), ...(line === undefined ? {} : { line }) };
    const done = await change(context, paymentId, 'refunds', { ...what, reason });
    return done.ok ? ok(drawn(done.value)) : done;
  },
});
