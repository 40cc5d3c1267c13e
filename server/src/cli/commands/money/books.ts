import { ok } from '@tessera/shared/result';
import * as z from 'zod';
import { defineCommand, type CommandSpec } from '../../command.ts';
import { text } from '../../inputs.ts';
import { facts, table, timeText } from '../../table.ts';
import { amount, party } from './fields.ts';

const balance = z.looseObject({
  account: z.string(),
  party: z.string(),
  currency: z.string(),
  amountMinor: z.number(),
  points: z.number(),
});
type Balance = z.output<typeof balance>;

const drawBalances = (rows: readonly Balance[]): string =>
  table(
    rows.filter((row) => row.amountMinor !== 0 || row.points !== 0),
    [
      { title: 'party', value: (row) => row.party },
      { title: 'account', value: (row) => row.account },
      { title: 'in', value: (row) => row.currency },
      { title: 'minor units', value: (row) => row.amountMinor, right: true },
      { title: 'points', value: (row) => row.points, right: true },
    ],
    'Every account is empty.',
  );

export const moneyBalances: CommandSpec = defineCommand({
  name: 'money balances',
  summary: 'what every money account holds',
  about: 'Positive is owed to the party, negative by it; of the bank negative is what lies there.',
  examples: ['tessera money balances --data ./data'],
  reach: 'server',
  input: z.object({}),
  async run(context) {
    const api = context.api();
    if (!api.ok) return api;
    const found = await api.value.get('/v1/clearing/balances', z.object({ items: z.array(balance) }));
    return found.ok ? ok({ json: found.value, text: drawBalances(found.value.items) }) : found;
  },
});

const position = z.looseObject({
  party: z.string(),
  currency: z.string(),
  balances: z.array(balance),
  creditLimitMinor: z.number().nullable(),
  headroomMinor: z.number().nullable(),
  issuingSuspendedAt: z.number().nullable(),
});

export const moneyShow: CommandSpec = defineCommand({
  name: 'money show',
  summary: 'where one merchant stands',
  about: 'Its balances, its limit, and what is left of it.',
  examples: ['tessera money show 01JAB…9Z --data ./data'],
  reach: 'server',
  arguments: [{ name: 'party', about: 'a merchant’s id, or "operator"' }],
  input: z.object({ party }),
  async run(context, typed) {
    const api = context.api();
    if (!api.ok) return api;
    const found = await api.value.get(`/v1/clearing/parties/${typed.party}`, position);
    if (!found.ok) return found;
    const { currency, creditLimitMinor, headroomMinor, issuingSuspendedAt, balances } = found.value;
    const head = facts([
      ['party', typed.party],
      ['currency', currency],
      ['limit', creditLimitMinor ?? 'none'],
      ['left of it', headroomMinor],
      ['issuing', issuingSuspendedAt === null ? 'open' : `suspended since ${timeText(issuingSuspendedAt)}`],
    ]);
    return ok({ json: found.value, text: `${head}\n\n${drawBalances(balances)}` });
  },
});

export const moneyPrepay: CommandSpec = defineCommand({
  name: 'money prepay',
  summary: 'record what a merchant has paid ahead',
  about: 'The bank’s reference counts once: the same payment recorded twice is refused.',
  examples: ['tessera money prepay 01JAB…9Z --amount 100000 --reference "2027-01-03/117" --data ./data'],
  reach: 'server',
  arguments: [{ name: 'party', about: 'a merchant’s id' }],
  options: [
    { flags: '--amount <minor>', about: 'in minor units' },
    { flags: '--reference <text>', about: 'the bank’s own reference' },
  ],
  input: z.object({ party, amount, reference: text('Give the bank’s reference: --reference TEXT.', 80) }),
  async run(context, typed) {
    const api = context.api();
    if (!api.ok) return api;
    const path = `/v1/clearing/parties/${typed.party}/prepayments`;
    const body = { amountMinor: typed.amount, reference: typed.reference };
    const done = await api.value.post(path, z.looseObject({ currency: z.string() }), body, context.newKey());
    return done.ok ? ok({ json: done.value, text: `Recorded: ${String(typed.amount)} ${done.value.currency}.` }) : done;
  },
});
