import { ok } from '@tessera/shared/result';
import * as z from 'zod';
import { defineCommand, type CommandSpec } from '../../command.ts';
import { confirm } from '../../confirm.ts';
import { dangerousOptions, day, dryRun, text, ulid, yes } from '../../inputs.ts';
import { facts, table, timeText } from '../../table.ts';
import { currency, party, signedAmount } from './fields.ts';

const run = z.looseObject({
  runId: z.string(),
  number: z.number(),
  state: z.string(),
  until: z.number().nullable(),
  linesCounted: z.number(),
  openedAt: z.number(),
});
const net = z.looseObject({
  party: z.string(),
  name: z.string(),
  currency: z.string(),
  state: z.string(),
  lines: z.number(),
  netMinor: z.number(),
  prepaidMinor: z.number(),
  reserveMinor: z.number(),
  payableMinor: z.number(),
  paidMinor: z.number(),
});

const runArgument = [{ name: 'runId', about: 'as "tessera settlement list" shows it' }] as const;

export const settlementList: CommandSpec = defineCommand({
  name: 'settlement list',
  summary: 'settlement runs, newest first',
  about: 'open → cutoff → calculated → approved → posted → paid, partially_paid or defaulted.',
  examples: ['tessera settlement list --data ./data'],
  reach: 'server',
  input: z.object({}),
  async run(context) {
    const api = context.api();
    if (!api.ok) return api;
    const rows = await api.value.all('/v1/settlement-runs', run, {}, 200);
    if (!rows.ok) return rows;
    const drawn = table(
      rows.value,
      [
        { title: 'no', value: (row) => row.number, right: true },
        { title: 'run', value: (row) => row.runId },
        { title: 'state', value: (row) => row.state },
        { title: 'until', value: (row) => timeText(row.until) },
        { title: 'lines', value: (row) => row.linesCounted, right: true },
      ],
      'Nothing has been settled yet. Begin with "tessera settlement open".',
    );
    return ok({ json: { items: rows.value }, text: drawn });
  },
});

export const settlementShow: CommandSpec = defineCommand({
  name: 'settlement show',
  summary: 'one run with what each party is owed or owes',
  about: 'Positive amounts are paid to the party, negative ones by it, in minor units.',
  examples: ['tessera settlement show 01JAB…9Z --data ./data'],
  reach: 'server',
  arguments: runArgument,
  input: z.object({ runId: ulid('run') }),
  async run(context, { runId }) {
    const api = context.api();
    if (!api.ok) return api;
    const found = await api.value.get(`/v1/settlement-runs/${runId}`, run.extend({ nets: z.array(net) }));
    if (!found.ok) return found;
    const { number, state, until, linesCounted, nets } = found.value;
    const head = facts([
      ['run', `${String(number)}  ${runId}`],
      ['state', state],
      ['until', timeText(until)],
      ['lines', linesCounted],
    ]);
    const drawn = table(
      nets,
      [
        { title: 'party', value: (row) => row.party },
        { title: 'name', value: (row) => row.name },
        { title: 'in', value: (row) => row.currency },
        { title: 'net', value: (row) => row.netMinor, right: true },
        { title: 'prepaid', value: (row) => row.prepaidMinor, right: true },
        { title: 'reserve', value: (row) => row.reserveMinor, right: true },
        { title: 'payable', value: (row) => row.payableMinor, right: true },
        { title: 'paid', value: (row) => row.paidMinor, right: true },
        { title: 'state', value: (row) => row.state },
      ],
      'No statements yet.',
    );
    return ok({ json: found.value, text: `${head}\n\n${drawn}` });
  },
});

export const settlementOpen: CommandSpec = defineCommand({
  name: 'settlement open',
  summary: 'open the next settlement run',
  about: 'It begins where the one before ended. One at a time is underway.',
  examples: ['tessera settlement open --data ./data'],
  reach: 'server',
  input: z.object({}),
  async run(context) {
    const api = context.api();
    if (!api.ok) return api;
    const made = await api.value.post('/v1/settlement-runs', run, {}, context.newKey());
    return made.ok
      ? ok({ json: made.value, text: `Run ${String(made.value.number)} is open: ${made.value.runId}` })
      : made;
  },
});

interface Step {
  readonly word: 'cutoff' | 'approve' | 'post';
  readonly door: string;
  readonly summary: string;
  readonly about: string;
  readonly sentence: string;
}

const step = ({ word, door, summary, about, sentence }: Step): CommandSpec =>
  defineCommand({
    name: `settlement ${word}`,
    summary,
    about,
    examples: [`tessera settlement ${word} 01JAB…9Z --data ./data`],
    reach: 'server',
    arguments: runArgument,
    options: [
      ...(word === 'cutoff' ? [{ flags: '--until <day>', about: 'what was posted before this day, UTC (now)' }] : []),
      ...dangerousOptions,
    ],
    input: z.object({ runId: ulid('run'), until: day.optional(), dryRun, yes }),
    async run(context, typed) {
      const api = context.api();
      if (!api.ok) return api;
      const asked = await confirm(context, { sentence, dryRun: typed.dryRun, yes: typed.yes });
      if (!asked.ok) return asked;
      if (asked.value !== undefined) return ok(asked.value);
      const body = typed.until === undefined ? {} : { until: typed.until };
      const path = `/v1/settlement-runs/${typed.runId}/${door}`;
      const done = await api.value.post(path, run, body, context.newKey());
      return done.ok ? ok({ json: done.value, text: `Run ${String(done.value.number)}: ${done.value.state}.` }) : done;
    },
  });

export const settlementCutoff = step({
  word: 'cutoff',
  door: 'cutoff',
  summary: 'end a run’s time; it is calculated by itself',
  about: 'What was posted before is in it, and in no other run. "settlement show" tells how far the calculation is.',
  sentence: 'Ends the time of this run, for good; it is calculated now.',
});
export const settlementApprove = step({
  word: 'approve',
  door: 'approval',
  summary: 'approve a calculated run, as the second person',
  about: 'Not by the one who cut it off, and not by the operator’s token: it is a file, not a person.',
  sentence: 'Approves the figures of this run.',
});
export const settlementPost = step({
  word: 'post',
  door: 'posting',
  summary: 'post an approved run',
  about: 'From here on nothing of it changes; what was wrong goes into the next one.',
  sentence: 'Books the nets of this run, for good.',
});

export const settlementPay = defineCommand({
  name: 'settlement pay',
  summary: 'record a payment for a posted run',
  about: 'Whole or in part. What went to the party is positive, what came from it negative. A reference counts once.',
  examples: [
    'tessera settlement pay 01JAB…9Z --party 01JAC…7Q --currency EUR --amount -8500 --reference "2027-02-03/88" --data ./data',
  ],
  reach: 'server',
  arguments: runArgument,
  options: [
    { flags: '--party <id>', about: 'whose statement' },
    { flags: '--currency <code>', about: 'of the statement' },
    { flags: '--amount <minor>', about: 'in minor units; positive to the party, negative from it' },
    { flags: '--reference <text>', about: 'the bank’s own reference' },
  ],
  input: z.object({
    runId: ulid('run'),
    party,
    currency,
    amount: signedAmount,
    reference: text('Give the bank’s reference: --reference TEXT.', 80),
  }),
  async run(context, { runId, amount: amountMinor, ...body }) {
    const api = context.api();
    if (!api.ok) return api;
    const path = `/v1/settlement-runs/${runId}/payments`;
    const done = await api.value.post(path, z.looseObject({}), { ...body, amountMinor }, context.newKey());
    return done.ok ? ok({ json: done.value, text: 'Recorded.' }) : done;
  },
});
