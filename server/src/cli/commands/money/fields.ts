import * as z from 'zod';
import { ulid, wholeNumber } from '../../inputs.ts';

/** A party of the money ledger. */
export const party = z.union([ulid('merchant'), z.literal('operator')], 'A party is a merchant’s id, or "operator".');

export const currency = z
  .string('Say the currency: --currency EUR.')
  .regex(/^[A-Z]{3}$/, 'A currency has three capitals, e.g. EUR.');

const AMOUNT = 'An amount is a whole number of minor units (cents).';
export const amount = wholeNumber(AMOUNT, 0);
export const signedAmount = wholeNumber(AMOUNT, -1_000_000_000_000);
