import { ulidSchema, newUlid } from '@tessera/shared/ids/ulid';
import { MAX_AMOUNT } from '@tessera/shared/points';
import type { Chance } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import { OPERATOR } from '../../platform/database/schema/clearing.ts';
import { atMs, currency, line } from '../../platform/openapi/fields.ts';
import { withoutUndefined } from '../../platform/openapi/results.ts';
import { defineAction, type Action } from '../proposals/index.ts';
import { watchCredit } from './credit.ts';
import { charged, monthOf } from './fees.ts';
import { bicSchema, ibanSchema } from './iban.ts';
import { postLines } from './money-books.ts';
import { changeParty, knownParty } from './parties.ts';
import { MILLION } from './rules/terms.ts';

/** No price of a point is higher than a thousand minor units. */
const MAX_PRICE_MICRO = 1000 * MILLION;

export const partySchema = z.union([ulidSchema, z.literal(OPERATOR)]).describe('A merchant’s id, or "operator".');
const price = z.int().min(0).max(MAX_PRICE_MICRO);
const PRICE = 'in millionths of a minor unit for one point (a cent a point is 1000000)';

interface ActionParts {
  readonly chance: Chance;
  readonly audit: Audit;
}

/** What of clearing takes two people: prices, terms, fees, corrections. */
export const clearingActions = (parts: ActionParts): Action[] => [
  setRate(parts),
  setTerms(parts),
  setFee,
  charge(parts),
];

const isParty = async (tx: Tx, party: string): Promise<Refused<null>> => {
  const known = await knownParty(tx.db, party);
  return known.ok ? ok(null) : known;
};

const setRate = ({ chance }: ActionParts): Action =>
  defineAction(
    'set_rate',
    {
      party: z
        .union([partySchema, z.literal('*')])
        .describe('Whose points: a merchant’s, the operator’s, or everybody’s.'),
      currency,
      basis: z.enum(['on_issue', 'on_redeem']).default('on_issue').describe('When the issuer pays.'),
      faceMicro: price.min(1).describe(`What a point is worth in the fund, ${PRICE}.`),
      issueMicro: price.describe(`What its issuer pays, face and fee, ${PRICE}.`),
      redeemMicro: price.describe(`What its redeemer is paid, ${PRICE}.`),
      issuerSharePpm: z
        .int()
        .min(0)
        .max(MILLION)
        .default(MILLION / 2)
        .describe('The issuer’s millionths of what expires.'),
      validFrom: atMs
        .optional()
        .describe('From when on; now, where that is past. Points issued before keep their rate.'),
    },
    {
      partyOf: ({ party }) => (party === '*' ? null : party),
      check: async (tx, asked) => {
        if (asked.issueMicro < asked.faceMicro) return wrong('/issueMicro', 'The issuer pays at least the face.');
        if (asked.redeemMicro > asked.faceMicro) return wrong('/redeemMicro', 'The redeemer is paid at most the face.');
        if (asked.party === '*') return ok(null);
        const known = await knownParty(tx.db, asked.party);
        if (!known.ok) return known;
        const counts = known.value.currency;
        return counts === asked.currency ? ok(null) : wrong('/currency', `This party counts in ${counts}.`);
      },
      perform: async (tx, asked, proposalId) => {
        await tx.db
          .insertInto('clearing_rates')
          .values({
            rate_id: newUlid({ nowMs: () => tx.at }, chance),
            party: asked.party,
            currency: asked.currency,
            basis: asked.basis,
            face_micro: asked.faceMicro,
            issue_micro: asked.issueMicro,
            redeem_micro: asked.redeemMicro,
            issuer_share_ppm: asked.issuerSharePpm,
            valid_from: Math.max(asked.validFrom ?? tx.at, tx.at),
            proposal_id: proposalId,
          })
          .execute();
        return ok(null);
      },
    },
  );

const wrong = (field: string, sentence: string): Refused<never> =>
  err(problem('invalid_fields', { fields: { [field]: sentence } }));

const amount = z.int().min(0).max(MAX_AMOUNT);

const setTerms = ({ audit }: ActionParts): Action =>
  defineAction(
    'set_terms',
    {
      party: partySchema,
      currency: currency.optional().describe('Of the operator only; a merchant’s stands in its contract.'),
      creditLimitMinor: amount
        .nullable()
        .optional()
        .describe(
          'What the merchant may owe before its issuing is suspended: 0 for prepaid only, null for any amount.',
        ),
      reservePpm: z.int().min(0).max(MILLION).optional().describe('Millionths of each pay-out that are kept back.'),
      reserveCapMinor: amount.optional().describe('Until the reserve holds so much.'),
      bank: z
        .strictObject({ holder: line(70), iban: ibanSchema, bic: bicSchema.optional() })
        .optional()
        .describe('The account that is paid.'),
    },
    {
      partyOf: ({ party }) => party,
      check: async (tx, { party, currency: wanted }) =>
        wanted !== undefined && party !== OPERATOR
          ? wrong('/currency', 'A merchant’s currency stands in its contract.')
          : isParty(tx, party),
      perform: async (tx, { party, currency: counts, creditLimitMinor, reservePpm, reserveCapMinor, bank }) => {
        const account = bank && { holder: bank.holder, iban: bank.iban, bic: bank.bic ?? null };
        const change = withoutUndefined({
          currency: counts,
          credit_limit_minor: creditLimitMinor,
          reserve_ppm: reservePpm,
          reserve_cap_minor: reserveCapMinor,
        });
        const changed = await changeParty(tx, party, { ...change, ...account });
        if (!changed.ok) return changed;
        await watchCredit(tx, audit, party);
        return ok(null);
      },
    },
  );

const setFee: Action = defineAction(
  'set_fee',
  {
    party: ulidSchema,
    amountMinor: amount.describe('A month; 0 ends it.'),
    fromMonth: z
      .string()
      .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
      .describe('The first month, e.g. 2026-01; not one that has passed.'),
  },
  {
    partyOf: ({ party }) => party,
    check: async (tx, { party, fromMonth }) =>
      fromMonth < monthOf(tx.at) ? wrong('/fromMonth', 'This month has passed.') : isParty(tx, party),
    perform: async (tx, { party, amountMinor, fromMonth }, proposalId) => {
      const known = await knownParty(tx.db, party);
      if (!known.ok) return known;
      const row = { fee_id: proposalId, proposal_id: proposalId, party, currency: known.value.currency };
      await tx.db
        .insertInto('merchant_fees')
        .values({ ...row, amount_minor: amountMinor, from_month: fromMonth })
        .execute();
      return ok(null);
    },
  },
);

const charge = ({ audit, chance }: ActionParts): Action =>
  defineAction(
    'charge',
    {
      party: ulidSchema,
      amountMinor: z
        .int()
        .min(-MAX_AMOUNT)
        .max(MAX_AMOUNT)
        .refine((value) => value !== 0, 'Nothing is charged.')
        .describe('What the merchant pays; negative for what it gets.'),
    },
    {
      partyOf: ({ party }) => party,
      check: (tx, { party }) => isParty(tx, party),
      perform: async (tx, { party, amountMinor }, proposalId) => {
        const known = await knownParty(tx.db, party);
        if (!known.ok) return known;
        const transactionId = newUlid({ nowMs: () => tx.at }, chance);
        const lines = charged(party, known.value.currency, amountMinor);
        await postLines(tx, { transactionId, kind: 'charge', subject: proposalId }, lines);
        await watchCredit(tx, audit, party);
        return ok(null);
      },
    },
  );
