import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';
import { assert } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import { OPERATOR, type MoneyAccount, type MoneyKind } from '../../platform/database/schema/clearing.ts';
import { balanceOf, postLines, type MoneyLine } from '../clearing/index.ts';
import * as store from './store.ts';
import type { NetRow } from './store.ts';

/** One line of whole minor units. */
export const line = (
  account: MoneyAccount,
  party: string,
  currency: string,
  amount: number,
  counterparty = '',
): MoneyLine => ({ account, party, currency, counterparty, amount, rest: 0, points: 0 });

/** Books lines of a run as its own: no later run claims them. */
export async function postForRun(
  tx: Tx,
  chance: Chance,
  about: { readonly kind: MoneyKind; readonly runId: string; readonly subject?: string },
  lines: readonly MoneyLine[],
): Promise<string> {
  const transactionId = newUlid({ nowMs: () => tx.at }, chance);
  const { kind, runId, subject = runId } = about;
  const moved = lines.filter((each) => each.amount !== 0);
  await postLines(tx, { transactionId, kind, subject, runId }, moved);
  return transactionId;
}

/** Moves every net out of clearing; true where something is left to be paid. The operator's own is in its bank already. */
export async function postNets(tx: Tx, chance: Chance, nets: readonly NetRow[]): Promise<boolean> {
  let isOpen = false;
  for (const net of nets) {
    const { run_id: runId, party, currency, net_minor, prepaid_minor, reserve_minor, payable_minor } = net;
    if (prepaid_minor > 0) {
      const prepaid = await balanceOf(tx.db, party, 'prepaid', currency);
      assert(prepaid >= prepaid_minor, 'prepaid money is there when its run is posted');
    }
    await postForRun(tx, chance, { kind: 'settle', runId }, [
      line('merchant:clearing', party, currency, -net_minor),
      line('prepaid', party, currency, -prepaid_minor),
      line('reserve', party, currency, reserve_minor),
      line('merchant:payable', party, currency, payable_minor),
    ]);
    const isPaid = payable_minor === 0 || party === OPERATOR;
    isOpen ||= !isPaid;
    const paid_minor = isPaid ? payable_minor : 0;
    await store.updateNet(tx.db, net, { state: isPaid ? 'paid' : 'open', paid_minor });
  }
  return isOpen;
}
