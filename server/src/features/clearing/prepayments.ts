import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import type { Selectable } from 'kysely';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import { OPERATOR, type PrepaymentsTable } from '../../platform/database/schema/clearing.ts';
import { watchCredit } from './credit.ts';
import { postLines } from './money-books.ts';
import { knownParty } from './parties.ts';

export interface Prepayment {
  readonly party: string;
  readonly amountMinor: number;
  /** The bank's own reference of the payment: it counts once. */
  readonly reference: string;
}

/** Books money that a merchant has paid ahead; settlement takes what it owes from it first. */
export async function recordPrepayment(
  tx: Tx,
  parts: { readonly audit: Audit; readonly chance: Chance },
  { party, amountMinor, reference }: Prepayment,
): Promise<Refused<Selectable<PrepaymentsTable>>> {
  const known = await knownParty(tx.db, party);
  if (!known.ok) return known;
  const { currency } = known.value;
  const prepaymentId = newUlid({ nowMs: () => tx.at }, parts.chance);
  const row = await tx.db
    .insertInto('prepayments')
    .values({ prepayment_id: prepaymentId, party, currency, amount_minor: amountMinor, reference, at: tx.at })
    .onConflict((conflict) => conflict.column('reference').doNothing())
    .returningAll()
    .executeTakeFirst();
  if (!row) return err(problem('conflict', { detail: 'This payment has been recorded before.' }));
  const line = { currency, rest: 0, points: 0 };
  await postLines(tx, { transactionId: prepaymentId, kind: 'prepay', subject: prepaymentId }, [
    { ...line, account: 'bank', party: OPERATOR, counterparty: party, amount: -amountMinor },
    { ...line, account: 'prepaid', party, counterparty: OPERATOR, amount: amountMinor },
  ]);
  await parts.audit.write(tx, 'prepayment.recorded', `merchant:${party}`, { amountMinor, currency, reference });
  await watchCredit(tx, parts.audit, party);
  return ok(row);
}
