import { ok } from '@tessera/shared/result';
import * as z from 'zod';
import { defineCommand, type CommandSpec } from '../../command.ts';
import { day } from '../../inputs.ts';
import { table, timeText } from '../../table.ts';
import { currency, party } from './fields.ts';
import { propose, reason, reasonOption } from './propose.ts';

const rate = z.looseObject({
  rateId: z.string(),
  party: z.string(),
  currency: z.string(),
  basis: z.string(),
  faceMicro: z.number(),
  issueMicro: z.number(),
  redeemMicro: z.number(),
  issuerSharePpm: z.number(),
  validFrom: z.number(),
});

const MILLION = 1_000_000;
const WRONG_PRICE = 'A price is minor units for one point, e.g. 1 or 0.95, with at most six places.';

/** A price as people type it, in millionths of a minor unit. */
const price = z
  .string(WRONG_PRICE)
  .regex(/^\d{1,3}(\.\d{1,6})?$/, WRONG_PRICE)
  .transform((typed) => {
    const [whole = '0', part = ''] = typed.split('.');
    return Number(whole) * MILLION + Number(part.padEnd(6, '0'));
  });
const priceText = (micro: number): string => String(micro / MILLION);

export const ratesList: CommandSpec = defineCommand({
  name: 'rates list',
  summary: 'what points are worth to those who give and take them',
  about:
    'Prices are minor units (cents) for one point. A party’s own rate goes before that of "*"; a lot keeps its rate.',
  examples: ['tessera rates list --data ./data'],
  reach: 'server',
  input: z.object({}),
  async run(context) {
    const api = context.api();
    if (!api.ok) return api;
    const found = await api.value.get('/v1/clearing/rates', z.object({ items: z.array(rate) }));
    if (!found.ok) return found;
    const drawn = table(
      found.value.items,
      [
        { title: 'from', value: (row) => timeText(row.validFrom) },
        { title: 'whose', value: (row) => row.party },
        { title: 'in', value: (row) => row.currency },
        { title: 'basis', value: (row) => row.basis },
        { title: 'face', value: (row) => priceText(row.faceMicro), right: true },
        { title: 'issue', value: (row) => priceText(row.issueMicro), right: true },
        { title: 'redeem', value: (row) => priceText(row.redeemMicro), right: true },
        {
          title: 'issuer’s share of what expires',
          value: (row) => `${String(row.issuerSharePpm / 10_000)} %`,
          right: true,
        },
      ],
      'No rate has been set: points move no money.',
    );
    return ok({ json: found.value, text: drawn });
  },
});

export const ratesSet: CommandSpec = defineCommand({
  name: 'rates set',
  summary: 'propose what points are worth from a day on',
  about:
    'Prices are minor units (cents) for one point, with up to six places. The issuer pays the issue price: its face goes to ' +
    'the fund, the rest is the fee. The redeemer is paid the redeem price. Points issued before keep their rate.',
  examples: [
    'tessera rates set --currency EUR --face 1 --issue 1.2 --redeem 0.95 --reason "contract 2027" --data ./data',
    'tessera rates set --party 01JAB…9Z --currency EUR --basis on_redeem --face 1 --issue 1.1 --redeem 0.9 --reason trial --data ./data',
  ],
  reach: 'server',
  options: [
    { flags: '--party <id>', about: 'a merchant, "operator", or "*" for all others (*)' },
    { flags: '--currency <code>', about: 'e.g. EUR' },
    { flags: '--basis <basis>', about: 'on_issue or on_redeem: when the issuer pays (on_issue)' },
    { flags: '--face <price>', about: 'what a point is worth in the fund' },
    { flags: '--issue <price>', about: 'what its issuer pays' },
    { flags: '--redeem <price>', about: 'what its redeemer is paid' },
    { flags: '--issuer-share <percent>', about: 'the issuer’s share of what expires, whole per cent (50)' },
    { flags: '--from <day>', about: 'from when on, UTC (now)' },
    reasonOption,
  ],
  input: z.object({
    party: z.union([party, z.literal('*')], 'A party is a merchant’s id, "operator" or "*".').default('*'),
    currency,
    basis: z.enum(['on_issue', 'on_redeem'], 'The basis is on_issue or on_redeem.').default('on_issue'),
    face: price,
    issue: price,
    redeem: price,
    issuerShare: z
      .string()
      .regex(/^(100|\d{1,2})$/, 'A share is 0 to 100 per cent.')
      .default('50'),
    from: day.optional(),
    reason,
  }),
  run: (context, typed) =>
    propose(context, {
      action: 'set_rate',
      party: typed.party,
      currency: typed.currency,
      basis: typed.basis,
      faceMicro: typed.face,
      issueMicro: typed.issue,
      redeemMicro: typed.redeem,
      issuerSharePpm: Number(typed.issuerShare) * 10_000,
      ...(typed.from === undefined ? {} : { validFrom: typed.from }),
      reason: typed.reason,
    }),
});
