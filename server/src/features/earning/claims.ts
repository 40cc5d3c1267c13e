import type { Tx } from '../../platform/commands/commands.ts';
import type { Claim } from './rules/limits.ts';
import * as store from './store.ts';

/**
 * Another command has taken of a limit since this one read it. It can happen only where several processes write; its code is
 * PostgreSQL's for that, so that the whole batch is decided again.
 */
class LimitMoved extends Error {
  readonly code = '40001';
}

/**
 * Counts what a decision took, only if the limit still allows it.
 * @throws LimitMoved where it does not
 */
export async function takeClaim(tx: Tx, memberId: string, soldAt: number, claim: Claim): Promise<void> {
  const { span, quietSince, ...taken } = claim;
  const [row] =
    span === 'budget'
      ? await store.takeOfBudget(tx.db, { ...taken, at: soldAt })
      : await store.takeOfCounter(tx.db, { ...taken, at: soldAt, memberId, span, quietSince });
  if (!row) throw new LimitMoved('A limit of an earning rule moved while a sale was decided.');
}
