import type { Tx } from '../../platform/commands/commands.ts';
import type { ClearingPort } from './clearing-port.ts';
import type { Journal } from './journal.ts';
import { expiredLots } from './store/lots.ts';

/** The end of points that nobody used. */
export class Expiry {
  readonly #journal: Journal;
  readonly #clearing: ClearingPort;

  constructor(journal: Journal, clearing: ClearingPort) {
    this.#journal = journal;
    this.#clearing = clearing;
  }

  /** Moves the rest of lots whose time is over to `expired`; answers how many lots that were. */
  async expire(tx: Tx, limit: number): Promise<number> {
    const lots = await expiredLots(tx.db, tx.at, limit);
    for (const { lot_id: lotId, member_id: memberId, issuer, remaining, pending } of lots) {
      const points = remaining + pending;
      const about = { memberId, kind: 'expire', reason: 'its time is over', reference: lotId } as const;
      const { transactionId } = await this.#journal.post(tx, about, [
        { account: 'member:available', lotId, points: -remaining },
        { account: 'member:pending', lotId, points: -pending },
        { account: 'expired', points },
      ]);
      await this.#clearing.expired(tx, { transactionId, memberId, lotId, issuer, points });
    }
    return lots.length;
  }
}
