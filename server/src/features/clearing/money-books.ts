import { assert } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import type { Leg } from './rules/legs.ts';
import { roundLegs, type MoneyLine } from './rules/rounding.ts';
import * as store from './store.ts';

/** Rounds legs on the whole of their subject and books them; nothing where there are none. */
export async function postLegs(tx: Tx, event: store.MoneyEvent, legs: readonly Leg[]): Promise<void> {
  if (legs.length === 0) return;
  const before = await store.standingOf(tx.db, { subject: event.subject });
  await postLines(tx, event, roundLegs(legs, before));
}

/** Books lines in whole minor units. They sum to zero in each currency, or it is a bug. */
export async function postLines(tx: Tx, event: store.MoneyEvent, lines: readonly MoneyLine[]): Promise<void> {
  assertBalanced(lines);
  for (const { account, party, currency, counterparty, amount, rest, points } of lines) {
    await store.insertPosting(tx.db, {
      transaction_id: event.transactionId,
      kind: event.kind,
      account,
      party,
      currency,
      counterparty,
      amount,
      rest,
      points,
      subject: event.subject,
      run_id: event.runId ?? null,
      at: tx.at,
    });
  }
}

function assertBalanced(lines: readonly MoneyLine[]): void {
  for (const currency of new Set(lines.map((line) => line.currency))) {
    const total = lines.reduce((sum, line) => (line.currency === currency ? sum + line.amount : sum), 0);
    assert(total === 0, 'a money transaction sums to zero in each currency');
  }
}
