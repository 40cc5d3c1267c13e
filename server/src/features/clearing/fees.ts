import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';
import type { Tx } from '../../platform/commands/commands.ts';
import { OPERATOR } from '../../platform/database/schema/clearing.ts';
import { postLines } from './money-books.ts';
import type { MoneyLine } from './rules/rounding.ts';

/** The month of a time as fees count them, in UTC: `2026-01`. */
export const monthOf = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 7);

/** The month after one. */
function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return monthOf(Date.UTC(year, number, 1));
}

/** Money from a party to the operator, or with a negative amount back. */
export function charged(party: string, currency: string, amountMinor: number): MoneyLine[] {
  const line = { currency, rest: 0, points: 0 };
  return [
    { ...line, account: 'merchant:clearing', party, counterparty: OPERATOR, amount: -amountMinor },
    { ...line, account: 'fee_income', party: OPERATOR, counterparty: party, amount: amountMinor },
  ];
}

interface Due {
  readonly party: string;
  readonly month: string;
  readonly currency: string;
  readonly amountMinor: number;
}

/** Months that have begun and were not charged yet, of merchants whose contract runs, at the fee that held then. */
async function dueFees(tx: Tx): Promise<Due[]> {
  const fees = await tx.db
    .selectFrom('merchant_fees as fee')
    .innerJoin('merchants', 'merchants.merchant_id', 'fee.party')
    .leftJoin('fee_charges as charge', (join) => join.onRef('charge.party', '=', 'fee.party'))
    .select((eb) => [
      'fee.party',
      'fee.from_month',
      'fee.currency',
      'fee.amount_minor',
      eb.fn.max('charge.month').as('last'),
    ])
    .where('merchants.state', 'in', ['active', 'suspended'])
    .groupBy(['fee.fee_id', 'fee.party', 'fee.from_month', 'fee.currency', 'fee.amount_minor'])
    .orderBy('fee.party')
    .orderBy('fee.from_month')
    .orderBy('fee.fee_id')
    .execute();
  const now = monthOf(tx.at);
  const due = new Map<string, Due>();
  for (const { party, from_month, currency, amount_minor: amountMinor, last } of fees) {
    const first = last !== null && last >= from_month ? monthAfter(last) : from_month;
    for (let month = first; month <= now; month = monthAfter(month)) {
      due.set(`${party}/${month}`, { party, month, currency, amountMinor });
    }
  }
  return [...due.values()];
}

/** Charges every monthly fee that is due, each month once; returns how many. */
export async function chargeFees(tx: Tx, chance: Chance): Promise<number> {
  const due = await dueFees(tx);
  for (const { party, month, currency, amountMinor } of due) {
    const transactionId = newUlid({ nowMs: () => tx.at }, chance);
    await tx.db.insertInto('fee_charges').values({ party, month, transaction_id: transactionId }).execute();
    if (amountMinor === 0) continue;
    await postLines(tx, { transactionId, kind: 'fee', subject: `fee:${month}` }, charged(party, currency, amountMinor));
  }
  return due.length;
}
