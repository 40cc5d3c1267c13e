import { writeFile } from 'node:fs/promises';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod';
import { defineCommand, type CommandSpec, type Context, type Output } from '../../command.ts';
import { text, ulid, wholeNumber } from '../../inputs.ts';
import { table, timeText } from '../../table.ts';
import { currency, party } from './fields.ts';

const toOption = { flags: '--to <file>', about: 'write it there instead of showing it' } as const;

/** Fetches a file of the server, and shows it or writes it where it was asked for. */
async function fetchFile(context: Context, path: string, to: string | undefined): Promise<Result<Output, Problem>> {
  const api = context.api();
  if (!api.ok) return api;
  const found = await api.value.page(path, {});
  if (!found.ok) return found;
  const content = Buffer.from(found.value.bytes);
  if (to === undefined) return ok({ json: { content: content.toString() }, text: content.toString().trimEnd() });
  try {
    await writeFile(to, content, { flag: 'wx' });
  } catch {
    return err(
      problem('conflict', { detail: `${to} cannot be written, or is there already. Nothing was overwritten.` }),
    );
  }
  return ok({ json: { file: to }, text: `Written to ${to}.` });
}

export const settlementStatement: CommandSpec = defineCommand({
  name: 'settlement statement',
  summary: 'a party’s statement as JSON, CSV or a page to print',
  about:
    'The same bytes whenever it is asked for; every line is chained to the one before, and the last link is signed.',
  examples: [
    'tessera settlement statement 01JAB…9Z --party 01JAC…7Q --currency EUR --format csv --to may.csv --data ./data',
  ],
  reach: 'server',
  arguments: [{ name: 'runId', about: 'as "tessera settlement list" shows it' }],
  options: [
    { flags: '--party <id>', about: 'whose' },
    { flags: '--currency <code>', about: 'in which currency' },
    { flags: '--format <format>', about: 'json, csv or html (csv)' },
    toOption,
  ],
  input: z.object({
    runId: ulid('run'),
    party,
    currency,
    format: z.enum(['json', 'csv', 'html'], 'The format is json, csv or html.').default('csv'),
    to: z.string().min(1).optional(),
  }),
  run: (context, typed) =>
    fetchFile(
      context,
      `/v1/settlement-runs/${typed.runId}/statements/${typed.party}/${typed.currency}/${typed.format}`,
      typed.to,
    ),
});

export const settlementBankFile: CommandSpec = defineCommand({
  name: 'settlement bank-file',
  summary: 'what is open of a run, for the bank',
  about: 'sepa: pay-outs in euro (pain.001.001.09). csv: everything, both ways and in every currency.',
  examples: ['tessera settlement bank-file 01JAB…9Z --format sepa --to payouts.xml --data ./data'],
  reach: 'server',
  arguments: [{ name: 'runId', about: 'a posted run' }],
  options: [{ flags: '--format <format>', about: 'sepa or csv (csv)' }, toOption],
  input: z.object({
    runId: ulid('run'),
    format: z.enum(['sepa', 'csv'], 'The format is sepa or csv.').default('csv'),
    to: z.string().min(1).optional(),
  }),
  run: (context, { runId, format, to }) =>
    fetchFile(context, `/v1/settlement-runs/${runId}/payment-files/${format}`, to),
});

export const settlementVerify: CommandSpec = defineCommand({
  name: 'settlement verify',
  summary: 'chain a statement’s lines anew and check its signature',
  about: 'Ends with 1 where a line or a sum was changed after it was signed.',
  examples: ['tessera settlement verify 01JAB…9Z --party 01JAC…7Q --currency EUR --data ./data'],
  reach: 'server',
  arguments: [{ name: 'runId', about: 'as "tessera settlement list" shows it' }],
  options: [
    { flags: '--party <id>', about: 'whose' },
    { flags: '--currency <code>', about: 'in which currency' },
  ],
  input: z.object({ runId: ulid('run'), party, currency }),
  async run(context, typed) {
    const api = context.api();
    if (!api.ok) return api;
    const path = `/v1/settlement-runs/${typed.runId}/verifications/${typed.party}/${typed.currency}`;
    const found = await api.value.get(path, z.object({ linesHold: z.boolean(), signatureHolds: z.boolean() }));
    if (!found.ok) return found;
    const { linesHold, signatureHolds } = found.value;
    const holds = linesHold && signatureHolds;
    const wrong = linesHold ? 'The signature does not fit.' : 'The lines are not those that were signed.';
    return ok({ json: found.value, text: holds ? 'Lines and signature hold.' : wrong, failed: !holds });
  },
});

const dispute = z.looseObject({
  disputeId: z.string(),
  postingId: z.number(),
  party: z.string(),
  currency: z.string(),
  amountMinor: z.number(),
  state: z.string(),
  reason: z.string(),
  openedAt: z.number(),
});

export const settlementDispute: CommandSpec = defineCommand({
  name: 'settlement dispute',
  summary: 'dispute one line for a merchant',
  about: 'Its money waits in suspense until two people have decided ("money resolve"); all other lines are settled.',
  examples: ['tessera settlement dispute 48213 --reason "not our sale" --data ./data'],
  reach: 'server',
  arguments: [{ name: 'postingId', about: 'the line’s number on the statement (posting_id)' }],
  options: [{ flags: '--reason <text>', about: 'what is wrong with it' }],
  input: z.object({
    postingId: wholeNumber('A line’s posting id is a whole number.', 1),
    reason: text('Say why: --reason TEXT.', 500),
  }),
  async run(context, body) {
    const api = context.api();
    if (!api.ok) return api;
    const made = await api.value.post('/v1/money-disputes', dispute, body, context.newKey());
    return made.ok ? ok({ json: made.value, text: `Disputed: ${made.value.disputeId}` }) : made;
  },
});

export const settlementDisputes: CommandSpec = defineCommand({
  name: 'settlement disputes',
  summary: 'lines that somebody does not accept',
  about: 'The open ones, the newest first.',
  examples: ['tessera settlement disputes --data ./data'],
  reach: 'server',
  input: z.object({}),
  async run(context) {
    const api = context.api();
    if (!api.ok) return api;
    const rows = await api.value.all('/v1/money-disputes', dispute, { state: 'open' }, 200);
    if (!rows.ok) return rows;
    const drawn = table(
      rows.value,
      [
        { title: 'dispute', value: (row) => row.disputeId },
        { title: 'line', value: (row) => row.postingId, right: true },
        { title: 'party', value: (row) => row.party },
        { title: 'in', value: (row) => row.currency },
        { title: 'minor units', value: (row) => row.amountMinor, right: true },
        { title: 'since', value: (row) => timeText(row.openedAt) },
        { title: 'why', value: (row) => row.reason },
      ],
      'Nothing is disputed.',
    );
    return ok({ json: { items: rows.value }, text: drawn });
  },
});
