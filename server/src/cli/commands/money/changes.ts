import * as z from 'zod';
import { defineCommand, type CommandSpec } from '../../command.ts';
import { text, ulid, wholeNumber } from '../../inputs.ts';
import { amount, currency, party, signedAmount } from './fields.ts';
import { propose, reason, reasonOption } from './propose.ts';

const forMerchant = { name: 'party', about: 'a merchant’s id' } as const;

export const moneyTerms: CommandSpec = defineCommand({
  name: 'money terms',
  summary: 'propose a merchant’s limit, reserve or bank account',
  about:
    'A limit of 0 means prepaid only; a merchant that has used its limit up issues no points until it has paid. ' +
    'Only what is given is changed.',
  examples: [
    'tessera money terms 01JAB…9Z --limit 500000 --reason "contract 2027" --data ./data',
    'tessera money terms 01JAB…9Z --holder "Jasmine House" --iban "DE89 3704 0044 0532 0130 00" --reason "letter of 3 May" --data ./data',
  ],
  reach: 'server',
  arguments: [{ name: 'party', about: 'a merchant’s id, or "operator"' }],
  options: [
    { flags: '--limit <minor>', about: 'what it may owe, in minor units; "none" for any amount' },
    { flags: '--reserve <percent>', about: 'whole per cent of each pay-out that are kept back' },
    { flags: '--reserve-cap <minor>', about: 'until the reserve holds so much' },
    { flags: '--holder <name>', about: 'of its bank account' },
    { flags: '--iban <iban>', about: 'of its bank account' },
    { flags: '--bic <bic>', about: 'of its bank' },
    { flags: '--currency <code>', about: 'what the operator counts in; merchants have it in their contract' },
    reasonOption,
  ],
  input: z
    .object({
      party,
      limit: z
        .union([amount, z.literal('none').transform(() => null)], 'A limit is minor units, or "none".')
        .optional(),
      reserve: wholeNumber('A reserve is 0 to 100 per cent.', 0, 100).optional(),
      reserveCap: amount.optional(),
      holder: text('The holder is the name on the account.', 70).optional(),
      iban: z.string().max(50).optional(),
      bic: z.string().max(11).optional(),
      currency: currency.optional(),
      reason,
    })
    .refine((typed) => (typed.holder === undefined) === (typed.iban === undefined), {
      message: 'A bank account needs --holder and --iban.',
      path: ['iban'],
    }),
  run: (context, { party: whose, limit, reserve, reserveCap, holder, iban, bic, currency: counts, reason: why }) =>
    propose(context, {
      action: 'set_terms',
      party: whose,
      reason: why,
      ...(limit === undefined ? {} : { creditLimitMinor: limit }),
      ...(reserve === undefined ? {} : { reservePpm: reserve * 10_000 }),
      ...(reserveCap === undefined ? {} : { reserveCapMinor: reserveCap }),
      ...(holder === undefined ? {} : { bank: { holder, iban, ...(bic === undefined ? {} : { bic }) } }),
      ...(counts === undefined ? {} : { currency: counts }),
    }),
});

export const moneyFee: CommandSpec = defineCommand({
  name: 'money fee',
  summary: 'propose a merchant’s monthly fee',
  about: 'It is charged at the beginning of each month, from the given one on. 0 ends it.',
  examples: ['tessera money fee 01JAB…9Z --amount 500 --from 2027-01 --reason "contract 2027" --data ./data'],
  reach: 'server',
  arguments: [forMerchant],
  options: [
    { flags: '--amount <minor>', about: 'a month, in minor units' },
    { flags: '--from <month>', about: 'the first month, e.g. 2027-01' },
    reasonOption,
  ],
  input: z.object({
    party: ulid('merchant'),
    amount,
    from: z
      .string('Say the first month: --from 2027-01.')
      .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'A month is written 2027-01.'),
    reason,
  }),
  run: (context, typed) =>
    propose(context, {
      action: 'set_fee',
      party: typed.party,
      amountMinor: typed.amount,
      fromMonth: typed.from,
      reason: typed.reason,
    }),
});

export const moneyCharge: CommandSpec = defineCommand({
  name: 'money charge',
  summary: 'propose a correction: charge a merchant, or give it something back',
  about: 'A positive amount is paid by the merchant, a negative one to it; with the next settlement run.',
  examples: ['tessera money charge 01JAB…9Z --amount -1250 --reason "fee of May charged twice" --data ./data'],
  reach: 'server',
  arguments: [forMerchant],
  options: [{ flags: '--amount <minor>', about: 'in minor units, not 0' }, reasonOption],
  input: z.object({
    party: ulid('merchant'),
    amount: signedAmount.refine((value) => value !== 0, 'Nothing is charged.'),
    reason,
  }),
  run: (context, typed) =>
    propose(context, { action: 'charge', party: typed.party, amountMinor: typed.amount, reason: typed.reason }),
});

export const moneyDefault: CommandSpec = defineCommand({
  name: 'money default',
  summary: 'propose to write off what a merchant will not pay',
  about: 'Its reserve covers what it can, the rest is the alliance’s loss, and the merchant issues no more points.',
  examples: [
    'tessera money default 01JAB…9Z --run 01JAC…7Q --currency EUR --reason "insolvent, court letter" --data ./data',
  ],
  reach: 'server',
  arguments: [forMerchant],
  options: [
    { flags: '--run <id>', about: 'the settlement run that it does not pay' },
    { flags: '--currency <code>', about: 'of the statement' },
    reasonOption,
  ],
  input: z.object({ party: ulid('merchant'), run: ulid('run'), currency, reason }),
  run: (context, typed) =>
    propose(context, {
      action: 'default',
      runId: typed.run,
      party: typed.party,
      currency: typed.currency,
      reason: typed.reason,
    }),
});

export const moneyWindDown: CommandSpec = defineCommand({
  name: 'money wind-down',
  summary: 'propose to settle with a merchant that has left',
  about:
    'Points that it would have paid for when they are burnt are paid for now; what it had paid ahead and its reserve go ' +
    'back to it with the next run. Its contract must have ended ("left").',
  examples: ['tessera money wind-down 01JAB…9Z --reason "contract ended 31 March" --data ./data'],
  reach: 'server',
  arguments: [forMerchant],
  options: [reasonOption],
  input: z.object({ party: ulid('merchant'), reason }),
  run: (context, typed) => propose(context, { action: 'wind_down', party: typed.party, reason: typed.reason }),
});

export const moneyResolve: CommandSpec = defineCommand({
  name: 'money resolve',
  summary: 'propose how a dispute ends',
  about: 'Upheld: the bearer takes the line over. Rejected: it goes back to its merchant with the next run.',
  examples: ['tessera money resolve 01JAB…9Z --verdict upheld --reason "double booking, see ticket" --data ./data'],
  reach: 'server',
  arguments: [{ name: 'disputeId', about: 'as "tessera settlement disputes" shows it' }],
  options: [
    { flags: '--verdict <verdict>', about: 'upheld or rejected' },
    { flags: '--bearer <party>', about: 'who takes an upheld line over (operator)' },
    reasonOption,
  ],
  input: z.object({
    disputeId: ulid('dispute'),
    verdict: z.enum(['upheld', 'rejected'], 'The verdict is upheld or rejected.'),
    bearer: party.default('operator'),
    reason,
  }),
  run: (context, typed) => propose(context, { action: 'resolve_dispute', ...typed }),
});
