import { ulidSchema } from '@tessera/shared/ids/ulid';
import { MAX_AMOUNT } from '@tessera/shared/points';
import * as z from 'zod';
import { atMs, line } from '../../platform/openapi/fields.ts';
import type { Balance } from './balances.ts';
import { headroomOf, type Credit } from './credit.ts';
import type { PartyRow } from './parties.ts';
import type { RateRow } from './store.ts';

export const rateView = z
  .object({
    rateId: ulidSchema,
    party: z.string().describe('A merchant’s id, "operator", or "*" for all others.'),
    currency: z.string(),
    basis: z.enum(['on_issue', 'on_redeem']),
    faceMicro: z.int().describe('Millionths of a minor unit for one point, as the other prices.'),
    issueMicro: z.int(),
    redeemMicro: z.int(),
    issuerSharePpm: z.int(),
    validFrom: atMs,
    proposalId: ulidSchema,
  })
  .meta({ id: 'ClearingRate' });

export const viewRate = (row: RateRow): z.input<typeof rateView> => ({
  rateId: row.rate_id,
  party: row.party,
  currency: row.currency,
  basis: row.basis,
  faceMicro: row.face_micro,
  issueMicro: row.issue_micro,
  redeemMicro: row.redeem_micro,
  issuerSharePpm: row.issuer_share_ppm,
  validFrom: row.valid_from,
  proposalId: row.proposal_id,
});

export const balanceView = z
  .object({
    account: z.string(),
    party: z.string(),
    currency: z.string(),
    amountMinor: z
      .int()
      .describe('Positive is owed to the party, negative by it; of the bank negative is what lies there.'),
    points: z.int().describe('Points behind it; of points_fund those that it covers.'),
  })
  .meta({ id: 'MoneyBalance' });

export const viewBalance = (balance: Balance): z.input<typeof balanceView> => ({
  account: balance.account,
  party: balance.party,
  currency: balance.currency,
  amountMinor: balance.amount,
  points: balance.points,
});

export const clearingView = z
  .object({
    party: z.string(),
    currency: z.string(),
    balances: z.array(balanceView),
    creditLimitMinor: z.int().nullable().describe('Null: it may owe any amount.'),
    headroomMinor: z.int().nullable().describe('What is left of the limit, with what was paid ahead.'),
    issuingSuspendedAt: atMs.nullable(),
    reservePpm: z.int(),
    reserveCapMinor: z.int(),
    bank: z.object({ holder: z.string(), iban: z.string(), bic: z.string().nullable() }).nullable(),
    woundDownAt: atMs.nullable(),
  })
  .meta({ id: 'ClearingPosition' });

export const viewPosition = (
  terms: PartyRow,
  balances: readonly Balance[],
  credit: Credit | undefined,
): z.input<typeof clearingView> => ({
  party: terms.party,
  currency: terms.currency,
  balances: balances.map(viewBalance),
  creditLimitMinor: terms.credit_limit_minor,
  headroomMinor: credit ? headroomOf(credit) : null,
  issuingSuspendedAt: credit?.suspendedSince ?? null,
  reservePpm: terms.reserve_ppm,
  reserveCapMinor: terms.reserve_cap_minor,
  bank:
    terms.holder === null || terms.iban === null ? null : { holder: terms.holder, iban: terms.iban, bic: terms.bic },
  woundDownAt: terms.wound_down_at,
});

export const flowView = z
  .object({
    issuer: z.string(),
    redeemer: z.string(),
    currency: z.string(),
    points: z.int(),
    paidMinor: z.int().describe('What the issuer’s side paid for them, in minor units.'),
  })
  .meta({ id: 'ClearingFlow' });

export const prepaymentBody = z.strictObject({
  amountMinor: z.int().min(1).max(MAX_AMOUNT),
  reference: line(80).describe('The bank’s own reference: it counts once.'),
});
export const prepaymentView = z.object({
  prepaymentId: ulidSchema,
  party: z.string(),
  currency: z.string(),
  amountMinor: z.int(),
  reference: z.string(),
  at: atMs,
});
