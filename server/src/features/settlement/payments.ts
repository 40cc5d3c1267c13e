import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import type { Selectable } from 'kysely';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import { OPERATOR } from '../../platform/database/schema/clearing.ts';
import type { SettlementPaymentsTable } from '../../platform/database/schema/settlement.ts';
import { watchCredit } from '../clearing/index.ts';
import { line, postForRun } from './posting.ts';
import type { SettlementRuns } from './runs.ts';
import * as store from './store.ts';

export type PaymentRow = Selectable<SettlementPaymentsTable>;

export interface Payment {
  readonly runId: string;
  readonly party: string;
  readonly currency: string;
  /** What went to the party (positive) or came from it (negative), in minor units. */
  readonly amountMinor: number;
  /** The bank's own reference of the payment: it counts once. */
  readonly reference: string;
}

interface PaymentParts {
  readonly runs: SettlementRuns;
  readonly audit: Audit;
  readonly chance: Chance;
}

/** Books a payment for a posted run, whole or in part; never more than is open. */
export async function recordPayment(tx: Tx, parts: PaymentParts, payment: Payment): Promise<Refused<PaymentRow>> {
  const { runId, party, currency, amountMinor, reference } = payment;
  const net = await store.netByKey(tx.db, { run_id: runId, party, currency });
  if (!net) return err(problem('not_found'));
  if (net.state !== 'open') return err(problem('conflict', { facts: { state: net.state } }));
  const left = net.payable_minor - net.paid_minor;
  const isTooMuch = Math.sign(amountMinor) !== Math.sign(left) || Math.abs(amountMinor) > Math.abs(left);
  if (isTooMuch) return err(problem('conflict', { detail: 'This is not what is open.', facts: { openMinor: left } }));
  const row = await insertPayment(tx, parts, payment);
  if (!row) return err(problem('conflict', { detail: 'This payment has been recorded before.' }));
  await postForRun(tx, parts.chance, { kind: 'payment', runId, subject: row.payment_id }, [
    line('merchant:payable', party, currency, -amountMinor),
    line('bank', OPERATOR, currency, amountMinor, party),
  ]);
  const state = amountMinor === left ? 'paid' : 'open';
  await store.updateNet(tx.db, net, { paid_minor: net.paid_minor + amountMinor, state });
  await parts.audit.write(tx, 'settlement.payment', `settlement:${runId}`, { party, currency, amountMinor, reference });
  const run = await parts.runs.follow(tx, runId, 'paid');
  if (!run.ok) return run;
  await watchCredit(tx, parts.audit, party);
  return ok(row);
}

const insertPayment = (tx: Tx, { chance }: PaymentParts, payment: Payment): Promise<PaymentRow | undefined> =>
  tx.db
    .insertInto('settlement_payments')
    .values({
      payment_id: newUlid({ nowMs: () => tx.at }, chance),
      run_id: payment.runId,
      party: payment.party,
      currency: payment.currency,
      amount_minor: payment.amountMinor,
      reference: payment.reference,
      recorded_by: tx.actor,
      at: tx.at,
    })
    .onConflict((conflict) => conflict.column('reference').doNothing())
    .returningAll()
    .executeTakeFirst();
